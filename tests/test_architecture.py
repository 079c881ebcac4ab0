import subprocess
import sys


def loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_the_command_line_needs_no_qt():
    assert not {"PySide6", "shiboken6"} & loaded_after("import workstation.cli.application")


def test_a_command_starts_without_the_slow_libraries():
    slow = {"matplotlib", "scipy.optimize", "scipy.stats", "pandas"}
    assert not slow & loaded_after("import workstation.cli.application")


def test_pyplot_is_never_loaded():
    used = loaded_after("import workstation.pictures, numpy as np, workstation.model.study as s\n"
                        "from workstation.pictures import WidthSeries, width_histogram\n"
                        "width_histogram([WidthSeries('a', np.array([50.0]))], s.WidthCutoffs())")  # fmt: skip
    assert "matplotlib.figure" in used
    assert "matplotlib.pyplot" not in used
