import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.file_names import folded, safe_name, safe_suffix


@pytest.mark.parametrize(
    ("text", "name"),
    [("scan", "scan"), ("a/b\\c:d*e?f", "a_b_c_d_e_f"), ("CON", "_CON"), ("nul.tar", "_nul.tar"), ("con1", "con1"),
     ("COM0", "_COM0"), ("ends. ", "ends"), (".hidden", "hidden"), ("...", ""), ("", ""), ("tab\there", "tab_here"),
     ("e\u0301", "\u00e9"), ("right\u202eleft", "right_left"), ("=1+1", "_1+1"), (" -x", "_x"), ("S-01", "S-01")],
)  # fmt: skip
def test_names_that_every_system_accepts(text, name):
    assert safe_name(text) == name


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_becomes_a_name(text, suffix):
    stem, ending = safe_name(text), safe_suffix("." + suffix)
    assert (len(stem.encode()) <= 120, len(ending) <= 11) == (True, True)
    assert not set(stem + ending) & set('<>:"/\\|?*\0\n')
    assert stem == stem.strip(" .") == safe_name(stem)


def test_names_that_some_system_takes_for_one_are_folded_alike():
    assert folded("Caf\u00e9") == folded("cafe\u0301")
    assert folded("a") != folded("b")
