"""Specs drawn at random over everything that scalps and cameras do: for training and for finding weak spots."""

from enum import StrEnum

import numpy as np

from analysis.synthetic.spec import CameraSpec, Flow, HairColour, HairSpec, HairStyle, ScalpSpec, SkinSpec


class Family(StrEnum):
    """Kinds of image to draw from."""

    CLIPPED = "clipped"
    LONG = "long"
    ANY = "any"


def random_spec(
    rng: np.random.Generator,
    family: Family | str = Family.ANY,
    *,
    size_px: tuple[int, int] = (1280, 1024),
    um_per_px: float | None = None,
) -> ScalpSpec:
    """A subject and a capture drawn widely.

    Args:
        rng: source of the draw.
        family: clipped hair, long hair, or (seven in ten clipped) either.
        size_px: of the image.
        um_per_px: its scale; drawn from 3.5 to 11 where not given.
    """
    family = Family(family)
    long = family is Family.LONG or (family is Family.ANY and rng.random() < 0.3)
    tone = float(rng.beta(1.1, 2.2))
    scale = um_per_px if um_per_px is not None else float(np.exp(rng.uniform(np.log(3.5), np.log(11))))
    hair = _long_hair(rng, tone) if long else _clipped_hair(rng, tone)
    return ScalpSpec(size_px, scale, hair, _skin(rng, tone), _camera(rng), f"random {'long' if long else 'clipped'}")


def _chance(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


def _some(rng: np.random.Generator, share: float, low: float, high: float) -> float:
    """0, or with a chance of `share` a value between two bounds, low ones more often."""
    return float(low + (high - low) * rng.random() ** 2) if _chance(rng, share) else 0.0


def _colour(rng: np.random.Generator, tone: float) -> HairColour:
    """Light hair goes with light skin; blond hair on dark skin is dyed and rare."""
    light = np.array([0.42, 0.24, 0.16, 0.12, 0.06])
    dark = np.array([0.78, 0.10, 0.01, 0.07, 0.04])
    shares = dark if tone > 0.45 else light
    return list(HairColour)[int(rng.choice(5, p=shares / shares.sum()))]


def _unit_shares(rng: np.random.Generator) -> tuple[float, ...]:
    crowding = float(rng.normal(0, 0.5))
    shares = np.array([0.28, 0.53, 0.17, 0.02, 0.004]) * np.exp(crowding * np.arange(5))
    return tuple((shares / shares.sum()).tolist())


def _clipped_hair(rng: np.random.Generator, tone: float) -> HairSpec:
    curly = _chance(rng, 0.6 if tone > 0.5 else 0.15)
    return HairSpec(
        style=HairStyle.CLIPPED,
        colour=_colour(rng, tone),
        white_share=_some(rng, 0.25, 0.02, 0.5),
        units_per_cm2=float(np.clip(rng.normal(74, 22), 20, 130)) * (not _chance(rng, 0.02)),
        unit_shares=_unit_shares(rng),
        width_um=float(np.clip(rng.normal(62, 11), 38, 95)),
        width_sd_um=float(rng.uniform(9, 20)),
        vellus_share=float(rng.beta(1, 9)),
        length_mm=float(np.clip(np.exp(rng.normal(-0.6, 0.4)), 0.2, 1.6)),
        length_spread=float(rng.uniform(0.1, 0.45)),
        bend_deg_per_mm=float(rng.uniform(3, 22)),
        wave_deg=float(rng.uniform(12, 55)) if curly else 0.0,
        wave_mm=float(rng.uniform(1.6, 4)),
        fan_deg=float(rng.uniform(2, 11)),
        disorder_deg=float(rng.uniform(3, 18)),
        flow=_flow(rng),
        spacing_um=float(np.exp(rng.uniform(np.log(8), np.log(110)))),
        overlap=_some(rng, 0.5, 0.1, 0.9),
        pallor=_some(rng, 0.6, 0.05, 0.7),
        shine=float(rng.random()),
        relief=float(rng.uniform(0.2, 2.4)),
    )


def _long_hair(rng: np.random.Generator, tone: float) -> HairSpec:
    curl = int(rng.choice(3, p=[0.2, 0.3, 0.5] if tone > 0.5 else [0.6, 0.3, 0.1]))
    return HairSpec(
        style=HairStyle.LONG,
        colour=_colour(rng, tone),
        white_share=_some(rng, 0.35, 0.02, 0.5),
        units_per_cm2=float(np.exp(rng.uniform(np.log(6), np.log(95)))),
        unit_shares=_unit_shares(rng),
        width_um=float(np.clip(rng.normal(64, 12), 38, 100)),
        width_sd_um=float(rng.uniform(9, 20)),
        vellus_share=float(rng.beta(1, 9)),
        length_mm=float(np.exp(rng.uniform(np.log(1.5), np.log(12)))),
        length_spread=float(rng.uniform(0.15, 0.6)),
        bend_deg_per_mm=float(rng.uniform(1.5, 9)),
        wave_deg=(0.0, float(rng.uniform(4, 20)), float(rng.uniform(25, 70)))[curl],
        wave_mm=float(rng.uniform(2, 8)),
        fan_deg=float(rng.uniform(3, 14)),
        disorder_deg=float(rng.uniform(5, 28)),
        flow=_flow(rng),
        spacing_um=float(np.exp(rng.uniform(np.log(8), np.log(90)))),
        overlap=_some(rng, 0.4, 0.1, 0.9),
        pallor=_some(rng, 0.6, 0.05, 0.7),
        shine=float(rng.uniform(0.2, 1)),
        relief=float(rng.uniform(0.2, 1.2)),
    )


def _flow(rng: np.random.Generator) -> Flow:
    return (Flow.EVEN, Flow.WHORL, Flow.PARTING)[int(rng.choice(3, p=[0.8, 0.1, 0.1]))]


def _skin(rng: np.random.Generator, tone: float) -> SkinSpec:
    return SkinSpec(
        tone=tone,
        redness=float(rng.beta(1.5, 3)),
        texture=float(rng.uniform(0.2, 1.6)),
        oil=float(rng.beta(1.3, 2.2)),
        halo=float(rng.uniform(0, 1.4)),
        halo_width=float(np.exp(rng.uniform(np.log(0.7), np.log(2.5)))),
        halo_variety=float(rng.uniform(0, 0.5)),
        neck_um=_some(rng, 0.75, 5, 90),
        crumbs=_some(rng, 0.65, 0.05, 1),
        vessels_per_cm2=_some(rng, 0.6, 2, 60) * (tone < 0.5),
        pigment_network=float(np.clip(rng.normal(1.2 * tone - 0.25, 0.2), 0, 1)),
        pores_per_cm2=_some(rng, 0.7, 2, 80),
        moles_per_cm2=_some(rng, 0.5, 0.3, 4),
        flakes_per_cm2=_some(rng, 0.5, 1, 110),
        bubbles_per_cm2=_some(rng, 0.25, 1, 30),
        cuttings_per_cm2=_some(rng, 0.7, 2, 60),
        specks_per_cm2=_some(rng, 0.8, 5, 120),
        crusts_per_cm2=_some(rng, 0.4, 2, 40),
        tattoo_dots=int(rng.integers(1, 4)) if _chance(rng, 0.08) else 0,
    )


def _camera(rng: np.random.Generator) -> CameraSpec:
    overlay = rng.random()
    return CameraSpec(
        blur_um=float(rng.uniform(2.5, 8)),
        defocus_um=float(rng.uniform(0, 18)),
        root_blur_um=float(rng.uniform(3, 34)),
        lift_blur_um=float(rng.uniform(0, 50)),
        brightness=float(rng.uniform(0.75, 1.45)),
        cast=(float(rng.uniform(0.9, 1.12)), float(rng.uniform(0.95, 1.05)), float(rng.uniform(0.82, 1.15))),
        unevenness=float(rng.uniform(0, 1)),
        vignette=float(rng.uniform(0, 0.45)),
        shadow=float(rng.uniform(0, 0.55)),
        chromatic_um=float(rng.uniform(0, 5)),
        noise=float(np.exp(rng.uniform(np.log(0.4), np.log(4)))),
        jpeg_quality=int(rng.integers(62, 97)) if _chance(rng, 0.85) else None,
        banner=bool(overlay < 0.15),
        scale_bar=bool(overlay < 0.15 or overlay > 0.93),
        measuring_circle=bool(overlay < 0.10),
        round_frame=bool(0.15 < overlay < 0.21),
        letterbox=bool(0.21 < overlay < 0.25),
    )
