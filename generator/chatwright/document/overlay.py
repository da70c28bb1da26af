"""OpenAPI Overlays 1.0 and 1.1: what a vendor got wrong or left out, said beside the document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from chatwright.diagnostics import Diagnostic, InputError, Severity

from .library import Library, Tree
from .limits import MAX_CONTAINERS
from .pointer import Node, child
from .source import listed, nearest, quoted

_VERSION = re.compile(r"1\.[01](\.\d+(-.*)?)?")
_OVERLAY_FIELDS = ("overlay", "info", "extends", "actions")
_ACTION_FIELDS = ("target", "description", "update", "copy", "remove")
_MODIFIERS = ("update", "copy", "remove")


class _Selected(Struct, frozen=True):
    """A node of the target document, and where it stands; the root stands nowhere."""

    node: Node
    container: Node = None
    token: str | int = ""


def apply(
    overlay: Tree, root: dict[str, Node], library: Library
) -> tuple[Diagnostic, ...]:
    """Change a document as an overlay says (Overlay 1.1.0, section 4.4.3), in place.

    An overlay of 1.0 is read by the rules of 1.1, which say what 1.0 left open: an array that
    updates an array is appended item by item. What an overlay adds is located in the overlay.

    Returns a warning for each action that changes nothing.

    Raises InputError `invalid-overlay` for an overlay that the specification does not allow, and
    `overlay-mismatch` where an update does not fit what it updates.
    """
    return _Application(overlay, root, library).run()


class _Application:
    """One overlay on its way into one document."""

    def __init__(self, overlay: Tree, root: dict[str, Node], library: Library) -> None:
        self._overlay = overlay
        self._root = root
        self._library = library
        self._marks = library.marks
        self._warnings: list[Diagnostic] = []

    def run(self) -> tuple[Diagnostic, ...]:
        for action in self._actions():
            self._act(action)
        return tuple(self._warnings)

    def _actions(self) -> list[dict[str, Node]]:
        """The actions of the overlay, which is checked first."""
        overlay = self._overlay.root
        if not isinstance(overlay, dict):
            raise self._overlay.source.error(
                "invalid-overlay", "an overlay is a mapping with an `overlay` key", 0
            )
        version = overlay.get("overlay")
        if not isinstance(version, str | float) or not _VERSION.fullmatch(str(version)):
            found = (
                f"the version is {quoted(str(version))}"
                if "overlay" in overlay
                else "it has none"
            )
            raise self._invalid(
                f"an overlay says its version, as in `overlay: 1.1.0`; {found}; "
                "Overlay 1.0 and 1.1 are accepted",
                overlay,
                "overlay",
            )
        self._check_fields(overlay, _OVERLAY_FIELDS)
        info = overlay.get("info")
        if not isinstance(info, dict) or not {"title", "version"} <= info.keys():
            raise self._invalid(
                "an overlay has an `info` mapping with a `title` and a `version`",
                overlay,
                "info",
            )
        actions = overlay.get("actions")
        if not isinstance(actions, list) or not actions:
            raise self._invalid(
                "an overlay has `actions`, a sequence with at least one action",
                overlay,
                "actions",
            )
        return [self._checked(actions, index) for index in range(len(actions))]

    def _checked(self, actions: list[Node], index: int) -> dict[str, Node]:
        action = actions[index]
        if not isinstance(action, dict):
            raise self._invalid(
                "an action is a mapping with a `target`", actions, str(index)
            )
        self._check_fields(action, _ACTION_FIELDS)
        if not isinstance(action.get("target"), str):
            at = (action, "target") if "target" in action else (actions, str(index))
            raise self._invalid("an action has a `target`, a JSONPath in a string", *at)
        if not isinstance(action.get("copy", ""), str):
            raise self._invalid("`copy` is a JSONPath in a string", action, "copy")
        if not isinstance(action.get("remove", False), bool):
            raise self._invalid("`remove` is true or false", action, "remove")
        if "update" in action and "copy" in action:
            raise self._invalid(
                "an action has either `update` or `copy`", action, "copy"
            )
        return action

    def _check_fields(self, node: dict[str, Node], fields: Sequence[str]) -> None:
        for key in node:
            if key not in fields and not key.startswith("x-"):
                near = nearest(key, fields) or fields
                raise self._invalid(
                    f"there is no field {quoted(key)} here, but {listed(near)}",
                    node,
                    key,
                )

    def _act(self, action: dict[str, Node]) -> None:
        selected = self._select(action, "target")
        if not selected:
            self._warn(
                "overlay-no-match",
                f"{quoted(str(action['target']))} matches nothing in the document; "
                "the action changes nothing",
                action,
                "target",
            )
        elif action.get("remove") is True:
            self._remove(action, selected)
        elif "update" in action:
            self._update(action, "update", action["update"], selected)
        elif "copy" in action:
            sources = self._select(action, "copy")
            if len(sources) != 1:
                raise self._mismatch(
                    f"{quoted(str(action['copy']))} matches {len(sources):,} nodes; "
                    "one is expected",
                    action,
                    "copy",
                )
            self._update(action, "copy", self._marks.clone(sources[0].node), selected)
        else:
            self._warn(
                "overlay-no-effect",
                f"the action has none of {listed(_MODIFIERS)}; it changes nothing",
                action,
                "target",
            )

    def _select(self, action: dict[str, Node], field: str) -> list[_Selected]:
        """The nodes that a JSONPath (RFC 9535) selects, each once."""
        # Most documents have no overlay, and to import this takes longer than to read them.
        from jsonpath import JSONPathEnvironment
        from jsonpath.exceptions import JSONPathError

        path = str(action[field])
        try:
            matches = JSONPathEnvironment(strict=True).finditer(path, self._root)
            found = dict.fromkeys(match.parts for match in matches)
        except (JSONPathError, RecursionError) as failure:
            reason = str(failure).partition("\n")[0]
            raise self._invalid(
                f"{quoted(path)}: {reason}; a JSONPath of RFC 9535, such as `$.info`, is expected",
                action,
                field,
            ) from None
        return [self._at(parts) for parts in found]

    def _at(self, parts: tuple[str | int, ...]) -> _Selected:
        selected = _Selected(self._root)
        for part in parts:
            node = selected.node
            selected = _Selected(child(node, str(part)), node, part)
        return selected

    def _remove(self, action: dict[str, Node], selected: Sequence[_Selected]) -> None:
        indices: dict[int, tuple[list[Node], list[int]]] = {}
        for node in selected:
            match node.container, node.token:
                case dict() as mapping, str() as key:
                    mapping.pop(key, None)
                case list() as sequence, int() as index:
                    indices.setdefault(id(sequence), (sequence, []))[1].append(index)
                case _:
                    raise self._mismatch("the root cannot be removed", action, "target")
        for sequence, doomed in indices.values():
            for index in sorted(doomed, reverse=True):
                del sequence[index]
                del self._marks.items(sequence)[index]

    def _update(
        self,
        action: dict[str, Node],
        field: str,
        update: Node,
        selected: Sequence[_Selected],
    ) -> None:
        """Merge, append, or put in place `update`, which the action says in `field`."""
        kinds = sorted({_kind(place.node) for place in selected})
        if len(kinds) > 1:
            raise self._mismatch(
                f"{quoted(str(action['target']))} matches {' and '.join(kinds)}; "
                "nodes of one kind are expected",
                action,
                "target",
            )
        position = self._marks.keys(action)[field]
        for place in selected:
            value = self._marks.clone(update)
            if len(self._marks) > MAX_CONTAINERS:
                raise self._mismatch("this makes the document too large", action, field)
            match place.node, value:
                case dict() as target, dict():
                    self._merge(target, value)
                case list() as target, list():
                    self._marks.items(target).extend(self._marks.items(value))
                    target.extend(value)
                case list() as target, _:
                    self._marks.items(target).append(position)
                    target.append(value)
                case _ if kinds == [_kind(value)]:
                    self._replace(place, value, position)
                case _:
                    raise self._mismatch(
                        f"{_kind(value)} cannot update {kinds[0]}", action, field
                    )

    def _merge(self, target: dict[str, Node], update: dict[str, Node]) -> None:
        """Move the members of `update` into `target`, and those of what both have into it."""
        pairs = [(target, update)]
        while pairs:
            target, update = pairs.pop()
            keys = self._marks.keys(target)
            for key, value in update.items():
                match target.get(key), value:
                    case dict() as old, dict():
                        pairs.append((old, value))
                    case list() as old, list():
                        self._marks.items(old).extend(self._marks.items(value))
                        old.extend(value)
                    case old, _ if key not in target or _kind(old) == _kind(value):
                        target[key] = value
                        keys[key] = self._marks.keys(update)[key]
                    case old, _:
                        raise self._mismatch(
                            f"{quoted(key)} is {_kind(old)} in the document; "
                            f"{_kind(value)} cannot update it",
                            update,
                            key,
                        )

    def _replace(self, place: _Selected, value: Node, position: int) -> None:
        match place.container, place.token:
            case dict() as mapping, str() as key:
                mapping[key] = value
                self._marks.keys(mapping)[key] = position
            case list() as sequence, int() as index:
                sequence[index] = value
                self._marks.items(sequence)[index] = position
            case _:
                raise AssertionError("the root is a mapping")

    def _invalid(self, message: str, node: Node, token: str) -> InputError:
        return InputError(
            self._finding(Severity.ERROR, "invalid-overlay", message, node, token)
        )

    def _mismatch(self, message: str, node: Node, token: str) -> InputError:
        return InputError(
            self._finding(Severity.ERROR, "overlay-mismatch", message, node, token)
        )

    def _warn(self, code: str, message: str, node: Node, token: str) -> None:
        self._warnings.append(
            self._finding(Severity.WARNING, code, message, node, token)
        )

    def _finding(
        self, severity: Severity, code: str, message: str, node: Node, token: str
    ) -> Diagnostic:
        """A finding at a key or item of the overlay, or where that is missing, at its start."""
        position = self._marks.position(node, token)
        if position is None:
            return self._overlay.source.diagnostic(severity, code, message, 0)
        source, offset = self._library.sources.find(position)
        return source.diagnostic(severity, code, message, offset)


def _kind(node: Node) -> str:
    match node:
        case dict():
            return "an object"
        case list():
            return "an array"
        case _:
            return "a primitive value"
