"""Choices that stand in the address, so that a teacher can share what is on the screen.

The address is the truth: what it does not name has its default, the browser's Back button undoes
the last choice, and a page is entered with the choices that the link to it carries. It is written
only when somebody changes a choice, since every write is a step in the browser's history.

Streamlit's own binding would write the labels of the options; here the address holds the options
themselves (`networks=vgg16`), and what cannot be used is said, not dropped.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from pages.parts import sent
from pages.parts.spelled import Meanings, Spelled, meanings

Texts = list[str]

_SEEN = "address: as this session last saw it"
_DRAWN = "address: choices drawn in this run"
_DEFAULTS = "address: defaults"
_HELD = "address: what each widget held when it was last drawn"
_MOVED = "address: a widget was moved before this run"
_LATEST = "address: keys of the choices that the last run drew"
_CLICKED = "address: a callback has said that somebody clicked"


class PageEnded(Exception):
    """There is nothing more to draw on this page.

    After `st.stop` the address could not be written: Streamlit ends the run anew at every use of
    the session.
    """


@contextmanager
def addressed() -> Iterator[None]:
    """Run a page inside: at its end all choices that changed are written in one step.

    A page that has nothing more to draw raises PageEnded.
    """
    st.session_state[_DRAWN] = {}
    st.session_state[_MOVED] = _moved()
    done = False
    try:
        yield
        done = True
    except PageEnded:
        done = True
    finally:  # a run that the user's next click cuts short has not drawn all its choices
        choices = st.session_state.pop(_DRAWN)
        if done:
            st.session_state[_LATEST] = list(choices)
            _warn_about_keys(choices)
            _write(choices)


def is_addressed() -> bool:
    """Whether this run is inside `addressed`; a run that was cut short leaves nothing behind."""
    return _DRAWN in st.session_state


@contextmanager
def kept(
    key: str,
    options: Iterable[object] | Spelled,
    default: object,
    most: int = 1,
    label: str = "",
) -> Iterator[None]:
    """Draw one widget with this `key` inside; its value then stands in the address.

    The value is one of `options` (a range may be as long as it likes), or with `most` above 1 a
    list of them. It is the address's where that has changed, else the widget's own, else
    `default`. Values in the address that are no options are named in a warning, with `label` for
    what they should have been.
    """
    known = meanings(options)
    asked = _asked(key)
    if asked is not None:
        sent.give(key, _meant(asked, known, default, most))
    elif not _usable(st.session_state[key], known) or _left_at_old_default(key, default):
        sent.give(key, default)
    elif not (_is_clicked() and sent.has_arrived(key)):
        sent.give(key, st.session_state[key])
    st.session_state.setdefault(_DEFAULTS, {})[key] = default
    yield
    st.session_state.setdefault(_HELD, {})[key] = _texts(st.session_state[key])
    if asked is not None:
        _put(key, asked)
        _warn(asked, known, most, label or key)
    else:
        value = st.session_state[key]
        _put(key, [] if value == default else _texts(value) or [""])


def asked_for(key: str, options: Container[str]) -> str | None:
    """The option that the address names, for what is no widget with a value of its own."""
    _warn(_asked(key) or [], options, 1, key)
    return next((text for text in st.query_params.get_all(key) if text in options), None)


def note(key: str, value: str | None) -> None:
    """Let the address say what was chosen in something like `asked_for`, or None."""
    asked = _asked(key)
    st.session_state[key] = value
    _put(key, _texts(value) if asked is None else asked)


def clicked() -> None:
    """Say in a callback that a click causes the coming run, of a widget that `kept` does not know.

    A table or a chart may report once more what it has already reported, and by then the address
    that comes along can be an old one.
    """
    st.session_state[_CLICKED] = True


def drawn(key: str) -> Texts | None:
    """What the address will say of a choice; None where this run has not drawn it."""
    return st.session_state.get(_DRAWN, {}).get(key)


def coming(key: str) -> Texts:
    """What the address will say of a choice that this run has not drawn yet."""
    asked = _asked(key)
    if asked is not None:
        return asked
    value = st.session_state[key]
    is_default = value is None or value == st.session_state.get(_DEFAULTS, {}).get(key)
    return [] if is_default else _texts(value) or [""]


def present() -> Mapping[str, Texts]:
    """The whole address that this run comes to, as far as can be known at its beginning."""
    keys = [*st.session_state.get(_LATEST, []), *st.query_params]
    return {key: coming(key) for key in dict.fromkeys(keys)}


def is_known(key: str) -> bool:
    """Whether the address or a widget of the last run says something of a choice."""
    return key in st.query_params or key in st.session_state


def seen() -> Mapping[str, Texts]:
    """The whole address as the last run left it."""
    return st.session_state.get(_SEEN, {})


def _asked(key: str) -> Texts | None:
    """What the address says, where that is news: [] for nothing. None where it is not.

    A browser sends the address along with every click, and on a quick second click it is still the
    one before the first; so it is no news in a run that somebody's click has caused.
    """
    now = st.query_params.get_all(key)
    old = _is_clicked() or now == seen().get(key, [])
    return None if old and key in st.session_state else now


def _is_clicked() -> bool:
    """Whether a widget has caused this run, or a fragment runs."""
    return _DRAWN not in st.session_state or st.session_state[_MOVED]


def _moved() -> bool:
    held = st.session_state.get(_HELD, {})
    return st.session_state.pop(_CLICKED, False) or any(
        _texts(st.session_state[key]) != texts
        for key, texts in held.items()
        if key in st.session_state
    )


def _meant(asked: Texts, known: Meanings, default: object, most: int) -> object:
    values = [known[text] for text in dict.fromkeys(asked) if text in known][:most]
    if most == 1:
        return values[0] if values else default
    return values or ([] if asked == [""] else default)


def _put(key: str, texts: Texts) -> None:
    choices = st.session_state.get(_DRAWN)
    if choices is None:  # a fragment runs alone, the rest stays as this session last wrote it
        _write({**seen(), key: texts})
    else:
        choices[key] = texts


def _write(choices: Mapping[str, Texts]) -> None:
    now = {key: st.query_params.get_all(key) for key in st.query_params}
    if any(now.get(key, []) != texts for key, texts in choices.items()):
        now = {key: texts for key, texts in choices.items() if texts}
        st.query_params.from_dict(now)
    st.session_state[_SEEN] = now


def _usable(value: object, known: Meanings) -> bool:
    return value is not None and all(text in known for text in _texts(value))


def _left_at_old_default(key: str, default: object) -> bool:
    """Whether the widget holds a default that is another one now, such as a fitting sample."""
    old = st.session_state.get(_DEFAULTS, {}).get(key, default)
    return old != default and st.session_state[key] == old


def _texts(value: object) -> Texts:
    if value is None:
        return []
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def _warn(asked: Texts, known: Container[str], most: int, label: str) -> None:
    unknown = [text for text in asked if text not in known]
    if unknown and not (most > 1 and asked == [""]):
        names = ", ".join(f"`{_plain(text)}`" for text in unknown[:3])
        _notice(f"The address asks for {label} {names}, which this page does not have.")
    elif len(set(asked)) < len(asked):
        _notice(f"The address names {label} more than once; each is shown once.")
    elif len(asked) > most:
        _notice(f"The address names {len(asked)} {label}; at most {most} can be shown.")


def _warn_about_keys(choices: Mapping[str, Texts]) -> None:
    known = st.session_state.get(_DEFAULTS, {})  # another page's choices may come along
    left = [key for key in st.query_params if key not in choices and key not in known]
    now = {key: st.query_params.get_all(key) for key in st.query_params}
    if left and choices and now != seen():
        names = ", ".join(f"`{_plain(key)}`" for key in left[:3])
        _notice(f"The address names {names}, which this page does not use.")


def _notice(sentence: str) -> None:
    st.warning(sentence, icon=":material/link_off:")


def _plain(text: str) -> str:
    """At most 40 characters that cannot be read as Markdown."""
    return "".join(c for c in text[:40] if c.isalnum() or c in "_-. ") or "an empty value"
