from tests.analysis.drawn_hairs import draw
from tools.make_stages import CAPTION, COLUMNS, ENLARGED, GAP, SIZE_WORK, sheet, stages

CROSSING = [((620, 130), (760, 280), 60.0), ((630, 270), (780, 160), 60.0)]
"""In the piece that is shown."""


def test_there_are_nine_pictures_of_the_same_piece_each_another():
    drawn = stages(draw(CROSSING, size=(340, 880), um_per_px=5.525))
    assert [caption[:2] for caption, _ in drawn] == [f"{n} " for n in range(1, 10)]
    width, height = SIZE_WORK[0] * ENLARGED, SIZE_WORK[1] * ENLARGED
    assert {picture.shape for _, picture in drawn} == {(height, width, 3)}
    assert len({picture.tobytes() for _, picture in drawn}) == 9
    assert sheet(drawn).shape == (3 * (height + CAPTION + GAP), COLUMNS * (width + GAP), 3)
