"""JSON that others may have written → values of declared types, or ValueError.

    decode(tuple[str, ...], ["a", "b"])   ("a", "b")
    decode(Location, ["a.md", 1, 1, 1, 1])   a dataclass or named tuple by position, or by name
    decode(int, "1"), decode(int, True), decode(int, 1e999)   ValueError: nothing is converted

The lock comes with a stranger's vault and the cache from another machine: a value is right or refused.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def parse_json(text: str, *, last_wins: bool = False) -> Any:
    """Return what JSON holds; raises ValueError, also for NaN, for deep nesting and for a key twice.

    With `last_wins` a key may come again, and the last one counts.
    """
    hook = None if last_wins else _once
    try:
        return json.loads(text, object_pairs_hook=hook, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def decode(kind: type[T], data: object) -> T:
    """Return `data` as a value of type `kind`; raises ValueError if it is not exactly that.

    A number fits 64 bits, a string holds valid Unicode. Of an object names that `kind` lacks are
    read over, so that a later version can add some.
    """
    made: Decoder = _decoder(kind)  # type: ignore[arg-type]
    value: T = made(data)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key occurs twice")
    return data


def _refuse(what: object) -> Any:
    raise ValueError(f"unexpected value: {what!r:.100}")


@functools.cache
def _decoder(kind: Any) -> Decoder:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in (bool, str, int, type(None)):
        return {bool: _bool, str: _str, int: _int}.get(kind, _none)
    if origin in (Union, types.UnionType):
        return functools.partial(_any, [_decoder(argument) for argument in arguments])
    if origin is tuple and arguments[1:] != (...,):
        return functools.partial(_row, lambda *items: items, [*map(_decoder, arguments)])
    if origin in (tuple, frozenset):
        return functools.partial(_items, origin, _decoder(arguments[0]))
    if origin is Mapping:
        return functools.partial(_mapping, _decoder(arguments[1]))
    return _record(kind)


def _bool(data: Any) -> bool:
    return data if type(data) is bool else _refuse(data)


def _int(data: Any) -> int:
    return data if type(data) is int and -(2**63) <= data < 2**63 else _refuse(data)


def _str(data: Any) -> str:
    if type(data) is not str:
        return _refuse(data)  # type: ignore[no-any-return]
    if not data.isascii():
        data.encode()
    return data


def _none(data: Any) -> Any:
    return None if data is None else _refuse(data)


def _any(decoders: Iterable[Decoder], data: Any) -> Any:
    for decoder in decoders:
        try:
            return decoder(data)
        except ValueError:
            continue
    return _refuse(data)


def _items(kind: Callable[[list[Any]], Any], decoder: Decoder, data: Any) -> Any:
    return kind([*map(decoder, data if type(data) is list else _refuse(data))])


def _mapping(decoder: Decoder, data: Any) -> dict[str, Any]:
    items = data.items() if type(data) is dict else _refuse(data)
    return {_str(name): decoder(value) for name, value in items}


def _row(make: Callable[..., Any], decoders: list[Decoder], data: Any) -> Any:
    if type(data) is not list or len(data) != len(decoders):
        _refuse(data)
    return make(*[decoder(item) for decoder, item in zip(decoders, data, strict=True)])


def _record(kind: Any) -> Decoder:
    """Return what makes a dataclass or named tuple, of a row by position or of an object by name."""
    hints = get_type_hints(kind)
    fields = [f.name for f in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else hints
    decoders = {name: _decoder(hints[name]) for name in fields}

    def make(data: Any) -> Any:
        if type(data) is not dict:
            return _row(kind, [*decoders.values()], data)
        given = {name: decoder(data[name]) for name, decoder in decoders.items() if name in data}
        try:
            return kind(**given)
        except TypeError:
            return _refuse(data)

    return make
