"""What there was of results when a primary endpoint was named."""

from workstation.model.study import Study
from workstation.trial.schedule import BASELINE, weeks_of_visits


def known_results(study: Study) -> tuple[int, int]:
    """How many images were measured, and how many questionnaires filled in, of visits after the baseline."""
    later = {visit_id for visit_id, week in weeks_of_visits(study).items() if week > BASELINE}
    n_images = sum(study.read_in_use(i.id) is not None for i in study.images.values() if i.visit_id in later)
    return n_images, sum(response.visit_id in later for response in study.responses.values())
