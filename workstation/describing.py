"""What a detection looked for, in words."""

from analysis.detection import DetectionParameters, Polarity, Preset, Source

_PRESETS = {Preset.AUTO: "clipped or long hair", Preset.CLIPPED: "clipped hair", Preset.LONG: "long hair"}
_POLARITIES = {Polarity.AUTO: "dark or light", Polarity.DARK: "dark", Polarity.LIGHT: "light"}
USUAL = DetectionParameters()


def chosen_text(parameters: DetectionParameters) -> str:
    """`clipped hair, dark`: the kind of hair that a result is about; empty where none was chosen.

    Args:
        parameters: those of a result name what was chosen automatically.
    """
    preset = "" if parameters.preset is Preset.AUTO else _PRESETS[parameters.preset]
    polarity = "" if parameters.polarity is Polarity.AUTO else _POLARITIES[parameters.polarity]
    return ", ".join(said for said in (preset, polarity) if said)


def parameters_text(parameters: DetectionParameters) -> str:
    """`clipped hair, dark, sensitivity 0.5`, and after it whatever else is not as usual.

    Args:
        parameters: those of a result name what was chosen automatically.
    """
    now = parameters
    said = [_PRESETS[now.preset], _POLARITIES[now.polarity], f"sensitivity {now.sensitivity:.2g}"]
    if (now.min_width_um, now.max_width_um) != (USUAL.min_width_um, USUAL.max_width_um):
        said.append(f"{now.min_width_um:g}–{now.max_width_um:g} µm wide")
    if now.max_length_um != USUAL.max_length_um:
        said.append(f"{now.min_length_um:g}–{now.max_length_um:g} µm long")
    elif now.min_length_um != USUAL.min_length_um:
        said.append(f"from {now.min_length_um:g} µm of length")
    if now.unit_distance_um != USUAL.unit_distance_um:
        said.append(f"units within {now.unit_distance_um:g} µm")
    if now.source is Source.RIDGES:
        said.append("by filters alone")
    return ", ".join(said)
