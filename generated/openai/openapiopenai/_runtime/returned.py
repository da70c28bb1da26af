"""Models that a vendor answered and that are sent back to it: they go out as they came.

A vendor describes what it answers and what it is asked apart, so that a message that came is of
another class than a message that is sent. Its data stands for it, and need not fit: a program that
continues a conversation cannot mend what the vendor said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .model import Model

Validate = Callable[[Any], Any]


class Made(dict[str, Any]):
    """The members beyond the document's of a model that the program made: no vendor sent it."""


def validated(
    value: Any, refused: ValidationError, exact: Validate, loose: Validate
) -> Any:
    """What `exact` makes of a value once the models that it refused are plain data, or `loose`
    where only what came does not fit.

    Raises `refused` where no model was, and pydantic.ValidationError for anything else that
    does not fit.
    """
    models = {
        id(each["input"]): cast("Model", each["input"])
        for each in _errors(refused)
        if _is_model(each["input"]) and each["input"] is not value
    }
    if not models:
        raise refused
    came: dict[int, Model] = {}
    plain = _plain(value, models, came)
    try:
        return exact(plain)
    except ValidationError as error:
        if not _is_of_what_came(error, plain, came):
            raise error from None
    return loose(plain)


def _plain(value: Any, models: Mapping[int, Model], came: dict[int, Model]) -> Any:
    """The value with its `models` as plain data; `came` takes those that a vendor sent."""
    model = models.get(id(value))
    if model is not None:
        data = model.to_dict()
        if not isinstance(model.additional_properties, Made):
            came[id(data)] = model
        return data
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        return {key: _plain(each, models, came) for key, each in members.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, models, came) for each in cast("Sequence[object]", value)]
    return value


def _is_of_what_came(
    error: ValidationError, plain: Any, came: Mapping[int, Model]
) -> bool:
    """Whether an error is about what a vendor sent, and not about where it is put: each place
    of it takes objects, of such a kind."""
    taken: dict[int, bool] = {}
    for each in _errors(error):
        place = _place(each["loc"], plain, came)
        model = came.get(id(place))
        if model is None:
            return False
        match each["type"]:
            case "union_tag_invalid" | "union_tag_not_found":
                takes = each["input"] is not place or not _fits(model)
            case "missing":
                takes = True
            case _:
                takes = each["input"] is not place
        taken[id(place)] = takes or taken.get(id(place), False)
    return all(taken.values())


def _place(
    location: tuple[int | str, ...], plain: Any, came: Mapping[int, Model]
) -> object:
    """The outermost thing that came on the way to `location`, else what stands there."""
    place: object = plain
    # A location also names members of unions, which are no steps into the data.
    for step in location:
        if id(place) in came:
            break
        match place:
            case dict():
                members = cast("dict[object, object]", place)
                place = members.get(step, members)
            case list() if isinstance(step, int):
                place = cast("list[object]", place)[step]
            case _:
                pass
    return place


def _fits(model: Model) -> bool:
    """Whether a model is all that its own class describes."""
    from .model import UnknownModel

    if isinstance(model, UnknownModel):
        return False
    cls = type(model)
    return model.model_fields_set.issuperset(
        cls.__constants__
    ) and cls.__pydantic_validator__.isinstance_python(model.to_dict())


def _is_model(value: object) -> bool:
    from .model import Model

    return isinstance(value, Model)


def _errors(error: ValidationError) -> Sequence[ErrorDetails]:
    return error.errors(include_url=False, include_context=False)
