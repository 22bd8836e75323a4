"""Kinds that are made late are as any dataclass, whoever is first to use them."""

from copy import copy
from dataclasses import field, fields, replace

import pytest

from rulec.runtime.plain import Plain, plain, ready


@plain
class Point(Plain):
    x: int
    y: int = 0


@plain
class Named(Point):
    name: str = field(default="", compare=False, kw_only=True)


def test_a_kind_that_is_made_late_is_a_dataclass() -> None:
    assert [each.name for each in fields(ready(Named))] == ["x", "y", "name"]
    assert [each.name for each in fields(Point)] == ["x", "y"]
    one = Named(1, name="a")
    assert one == Named(1, 0, name="b") != Point(1)
    assert (replace(one, y=2), repr(copy(one))) == (Named(1, 2), "Named(x=1, y=0, name='a')")
    with pytest.raises(TypeError):
        Point(1, 2, 3)  # type: ignore[call-arg]  # one too many


def test_a_thread_that_comes_second_finds_the_kind_made() -> None:
    """Both looked at the kind before either had made it."""

    @plain
    class Late(Plain):
        x: int

    begin, later = Late.__init__, Late.__dict__["__dataclass_fields__"]
    assert Late(1).x == 1
    second = Late.__new__(Late)
    begin(second, 2)
    assert second == Late(2)
    assert list(later.__get__(None, Late)) == ["x"]
