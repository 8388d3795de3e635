"""What the tables in HTML have in common."""


def scrolling(body: str) -> str:
    """A table of these rows, a little smaller than text, that scrolls sideways on a phone."""
    return f'<div style="overflow-x:auto"><table style="font-size:0.92em">{body}</table></div>'
