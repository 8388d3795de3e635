"""Opening pages of the app without a browser, from its front door."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

FRONT = str(Path(__file__).parents[2] / "app.py")


def opened(page: str, **query: str | list[str]) -> AppTest:
    """The page as it stands after its first run, with these choices in the address."""
    app = AppTest.from_file(FRONT, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{page}.py").run()


def words(app: AppTest) -> str:
    """Everything that the page says, outside of tables and figures."""
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(element.value for element in shown)
