"""Working out the arithmetic that is printed beside a number."""

import ast
import operator
from fractions import Fraction
from math import ceil, floor

_SIGNS = str.maketrans({"×": "*", "−": "-"})
_ROUNDED = {"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"}
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(numbers: str) -> Fraction:
    """Plain arithmetic with ×, +, −, /, brackets, and ⌊ ⌋ or ⌈ ⌉ for rounding."""
    text = numbers.translate(_SIGNS)
    for bracket, call in _ROUNDED.items():
        text = text.replace(bracket, call)
    return _value(ast.parse(text, mode="eval").body)


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(int(number)):
            return Fraction(number)
        case ast.BinOp(left, sign, right):
            return _OPERATORS[type(sign)](_value(left), _value(right))
        case ast.Call(ast.Name("floor"), [inner]):
            return Fraction(floor(_value(inner)))
        case ast.Call(ast.Name("ceil"), [inner]):
            return Fraction(ceil(_value(inner)))
    raise AssertionError(f"not arithmetic: {ast.dump(node)}")
