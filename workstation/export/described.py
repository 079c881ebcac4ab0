"""Columns of tables that are made elsewhere, from their names, units and meanings."""

from collections.abc import Iterable

from workstation.export.table import Column, Kind
from workstation.trial.rows import SAME

_TEXTS = frozenset({
    "outcome", "label", "unit", "arm", "site", "subject", "read_ids", "reasons", "status", "visit", "lack", "what",
    "reason", "sex", "grade", "questionnaire", "item", "question", "answer", "term", "severity", "relation", "comment",
    "comparison", "started", "readers", "image",
})  # fmt: skip
_TEXT_ENDS = ("_method", "_covariance", "_small_sample")
_DAYS = frozenset({"date", "start", "end"})
_FLAGS = frozenset({"is_primary", "serious"})
_COUNTS = frozenset({
    "n", "count", "days_off", "visits", "images", "adverse_events", "questionnaires", "n_answered", "n_items",
})  # fmt: skip
_COUNT_ENDS = ("_n", "_read_id", "_n_control", "_n_subjects", "_n_values")
_P_ENDS = ("_p", "_p_t", "_p_wilcoxon", "_p_shapiro", "_p_slope", "p_holm")
_TWO_DIGITS = frozenset({
    "percent_change", "change_percent", "change_t", "change_d_z", "change_d_z_low", "change_d_z_high", "score",
})  # fmt: skip


def columns_of(described: Iterable[tuple[str, str, str]]) -> tuple[Column, ...]:
    """Columns in the order given: what they hold is known by their names."""
    return tuple(_column(name, unit, meaning) for name, unit, meaning in described)


def _column(name: str, unit: str, meaning: str) -> Column:
    description = f"{meaning}; in the unit of its row" if unit == SAME else meaning
    return Column(name, _kind(name), description, "" if unit == SAME else unit, 2 if name in _TWO_DIGITS else None)


def _kind(name: str) -> Kind:
    if name in _TEXTS or name.endswith(_TEXT_ENDS):
        return Kind.TEXT
    if name in _DAYS:
        return Kind.DAY
    if name in _FLAGS:
        return Kind.FLAG
    if name in _COUNTS or name.endswith(_COUNT_ENDS):
        return Kind.INTEGER
    return Kind.SMALL if name.endswith(_P_ENDS) else Kind.NUMBER
