"""Apply a patch the way every edit must bear: valid after it, and undone to an equal read."""

from tests.workstation.small_study import make_image, make_study
from workstation.model.patch import apply
from workstation.model.validity import problems, problems_after

IMAGE = make_image()


def done(read, patch, image=IMAGE):
    """The read after the patch."""
    study = make_study([read], [image])
    after_study = apply(study, patch)
    after = after_study.reads[read.id]
    assert problems_after(read, after, patch, image) == []
    assert problems(after, image) == []
    undone = apply(after_study, patch.inverse()).reads[read.id]
    assert undone.same_content(read)
    assert undone.next_id == after.next_id
    assert apply(apply(after_study, patch.inverse()), patch).reads[read.id].same_content(after)
    return after
