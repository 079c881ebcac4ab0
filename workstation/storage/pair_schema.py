"""The tables of the follow-up: pairs of images, their transforms, what readers marked and decided, and the matches."""

from workstation.storage.tables import Group, flag, integer, number, text

SINCE = 2
"""The minor version that first had these tables."""

PAIRS = Group(
    "pairs",
    "An earlier and a later image of one area, and how they lie to each other. A place (x, y) of the earlier image is "
    "in the later one at (x_from_x · x + x_from_y · y + x_shift_px, y_from_x · x + y_from_y · y + y_shift_px), and "
    "moved on from there by the rows first_knot … first_knot + n_knots - 1 of /warp_knots.",
    (
        integer("pair_id", "number of the pair in this file"),
        text("subject", "the participant's code", derived=True),
        text("site", "treatment area", derived=True),
        text("baseline_image", "name of the earlier image", derived=True),
        text("followup_image", "name of the later image", derived=True),
        integer("baseline_image_id", "the earlier image in /images"),
        integer("followup_image_id", "the later image in /images"),
        integer("next_id", "the next free id of a landmark or decision of this pair"),
        text("verdict", "good, check or failed; empty where the pair was not registered"),
        text("reason", "why the verdict is what it is"),
        number("residual_um", "root mean square distance of the shared units after registration", "µm"),
        integer("n_shared", "units that registration found in both images"),
        number("overlap", "area seen in both images as a share of the earlier one's field", "1"),
        number("overlap_cm2", "area seen in both images", "cm²"),
        integer("baseline_read_id", "the read of the earlier image that was registered; -1 where none was"),
        integer("followup_read_id", "the read of the later image that was registered; -1 where none was"),
        integer("n_landmarks", "pairs of landmarks that registration was given"),
        text("software_version", "of the program that registered"),
        text("created_utc", "when it was registered, ISO 8601, UTC"),
        number("x_from_x", "of the transform; NaN, with the five others, where none was found", "1"),
        number("x_from_y", "of the transform", "1"),
        number("x_shift_px", "of the transform", "px"),
        number("y_from_x", "of the transform", "1"),
        number("y_from_y", "of the transform", "1"),
        number("y_shift_px", "of the transform", "px"),
        number("unit_px", "length in the earlier image that counts as 1 in the bending", "px"),
        integer("first_knot", "index of the first row in /warp_knots"),
        integer("n_knots", "number of rows in /warp_knots"),
    ),
    SINCE,
)
WARP_KNOTS = Group(
    "warp_knots",
    "The bending of the transforms in /pairs: at the distance d from (x_px, y_px) in the earlier image a row moves a "
    "place of the later image by (bend_x, bend_y) · r² · ln r, with r = d / unit_px.",
    (
        number("x_px", "to the right in the earlier image, from the centre of the top-left pixel", "px"),
        number("y_px", "down in the earlier image, from the centre of the top-left pixel", "px"),
        number("bend_x", "how far to the right in the later image where r² · ln r is 1", "px"),
        number("bend_y", "how far down in the later image where r² · ln r is 1", "px"),
    ),
    SINCE,
)
LANDMARKS = Group(
    "landmarks",
    "Places that a reader marked as the same in both images of a pair.",
    (
        integer("pair_id", "the pair in /pairs"),
        integer("id", "number of the landmark in its pair"),
        number("baseline_x_px", "to the right in the earlier image", "px"),
        number("baseline_y_px", "down in the earlier image", "px"),
        number("followup_x_px", "to the right in the later image", "px"),
        number("followup_y_px", "down in the later image", "px"),
    ),
    SINCE,
)
DECISIONS = Group(
    "decisions",
    "What readers decided of units and hairs; matching obeys it. With both ids: these are the same, or, with `same` "
    "false, are not. The earlier one's alone: it was lost. The later one's alone: it is new.",
    (
        integer("pair_id", "the pair in /pairs"),
        integer("id", "number of the decision in its pair"),
        text("level", "fu or hair"),
        integer("baseline_id", "the unit or hair in the earlier image; -1 for none"),
        integer("followup_id", "the unit or hair in the later image; -1 for none"),
        flag("same", "false where two were told apart"),
        integer("baseline_read_id", "the read of the earlier image that was decided on; it holds in its copies too"),
        integer("followup_read_id", "the read of the later image that was decided on; it holds in its copies too"),
        text("reader", "who decided"),
    ),
    SINCE,
)
MATCHES = Group(
    "matches",
    "What became of each unit and hair between the images of a registered pair, in the reads that stand for them, "
    "computed on saving. What has no partner and lies outside the area seen in both images is not listed.",
    (
        text("level", "fu or hair", derived=True),
        text("subject", "the participant's code", derived=True),
        text("baseline_image", "name of the earlier image", derived=True),
        text("followup_image", "name of the later image", derived=True),
        integer("baseline_id", "the unit or hair in the earlier image; -1 where it is new", derived=True),
        integer("followup_id", "the unit or hair in the later image; -1 where it is lost", derived=True),
        text("status", "kept, lost, new or uncertain", derived=True),
        number("distance_um", "distance between the two after registration", "µm", derived=True),
        number("width_change_um", "later width less earlier width, for hairs", "µm", derived=True),
        integer("pair_id", "the pair in /pairs", derived=True, since=SINCE),
        integer("baseline_read_id", "the read of the earlier image in which baseline_id counts", derived=True,
                since=SINCE),
        integer("followup_read_id", "the read of the later image in which followup_id counts", derived=True,
                since=SINCE),
        flag("ruled", "a reader decided it", derived=True, since=SINCE),
    ),
)  # fmt: skip
