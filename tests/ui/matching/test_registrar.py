import threading

import pytest

import ui.matching.registrar as registrar_module
from analysis.progress import Cancelled
from analysis.registration.result import Verdict
from tests.ui.matching.two_visits import IDS, register_by_hand, registration
from ui.matching.registrar import Registrar
from workstation.edits import place_landmark
from workstation.errors import UserFacingError
from workstation.pairing import pair_between
from workstation.session import open_study


@pytest.fixture
def registrar(workspace):
    registrar = Registrar(workspace)
    yield registrar
    registrar.shutdown()


@pytest.fixture
def finds(monkeypatch):
    """What registering gives, changed by tests: a record, an error, or a function of study, ids and report."""
    answer = {"gives": registration()}

    def register_pair(study, ids, report):
        gives = answer["gives"]
        if isinstance(gives, Exception):
            raise gives
        return gives(study, ids, report) if callable(gives) else gives

    monkeypatch.setattr(registrar_module, "register_pair", register_pair)
    return answer


@pytest.fixture
def told(workspace):
    messages = []
    workspace.told.connect(lambda message: messages.append(message.text))
    return messages


def record_of(workspace):
    pair = pair_between(workspace.study, 1, 2)
    return None if pair is None else pair.registration


def place(x):
    return lambda study: place_landmark(study, 1, (x, 10.0), (x + 6.0, 14.0))


def test_the_shown_pair_is_registered_and_kept_in_the_study(registrar, workspace, finds, told, qtbot):
    with qtbot.waitSignal(registrar.ended):
        assert registrar.register([IDS])
        assert registrar.running
        assert registrar.registers(IDS)
    assert record_of(workspace) == registration()
    assert told == [
        "Registered: 5\u00a0units found again, 21\u00a0µm apart; 97\u00a0% of the field seen at both visits."
    ]
    assert not registrar.registers(IDS)


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.CHECK, "Registered, but please check. Few units are shared."),
        (
            Verdict.FAILED,
            "Registration failed. Few units are shared. "
            "Place two or three pairs of landmarks, or correct the units, and register again.",
        ),
    ],
)
def test_a_doubtful_verdict_says_why_and_what_to_do(registrar, workspace, finds, told, qtbot, verdict, said):
    finds["gives"] = registration(verdict, "few units are shared")
    with qtbot.waitSignal(registrar.ended):
        registrar.register([IDS])
    assert told == [said]
    assert record_of(workspace).result.verdict is verdict


def test_what_a_user_can_mend_is_told_and_nothing_is_kept(registrar, workspace, finds, told, qtbot):
    finds["gives"] = UserFacingError("week 12 has no scale", remedy="Set its scale first.")
    with qtbot.waitSignal(registrar.ended):
        registrar.register([IDS])
    assert told == ["Week 12 has no scale. Set its scale first."]
    assert record_of(workspace) is None


def test_it_can_be_stopped(registrar, workspace, finds, told, qtbot):
    begun = threading.Event()

    def slow(_study, _ids, report):
        while True:
            begun.set()
            report("searching", 0.5)
            threading.Event().wait(0.005)

    finds["gives"] = slow
    with qtbot.waitSignal(registrar.progressed) as progress:
        registrar.register([IDS])
    assert progress.args == ["searching", 0.5]
    assert begun.is_set()
    with qtbot.waitSignal(registrar.ended):
        registrar.cancel()
    assert (told, registrar.running, record_of(workspace)) == (["Registration was stopped."], False, None)


def test_after_detection_only_what_is_not_registered_yet_is(registrar, workspace, finds, qtbot):
    with qtbot.waitSignal(registrar.ended):
        registrar.register_where_detected([2])
    finds["gives"] = registration(Verdict.CHECK)
    registrar.register_where_detected([1, 2])
    assert not registrar.running
    assert record_of(workspace) == registration()


def test_a_failed_registration_is_tried_again_after_detection(registrar, workspace, finds, qtbot):
    register_by_hand(workspace, registration(Verdict.FAILED))
    with qtbot.waitSignal(registrar.ended):
        registrar.register_where_detected([2])
    assert record_of(workspace) == registration()


def test_images_of_no_pair_are_left_alone(registrar, workspace, finds):
    registrar.register_where_detected([7])
    assert not registrar.running


def test_a_study_for_reading_only_says_so(registrar, workspace, session, finds, told, monkeypatch):
    monkeypatch.setattr(session, "read_only_because", "Grace has it open.")
    assert not registrar.register([IDS])
    registrar.revise(IDS, place(30.0))
    assert told == ["Nothing can be registered: the study is open for reading only, Grace has it open."] * 2


# --- landmarks: an edit and the registration that follows from it ---------------------------------------------------


@pytest.fixture
def fitted(registrar, workspace, finds):
    """The pair is registered; what is found then says how many landmarks there were."""
    register_by_hand(workspace)

    def by_landmarks(study, ids, _report):
        return registration(n_landmarks=len(pair_between(study, 1, 2).landmarks))

    finds["gives"] = by_landmarks
    return registrar


def landmarks(workspace):
    return sorted(mark.baseline_px[0] for mark in pair_between(workspace.study, 1, 2).landmarks.values())


def test_an_edit_is_made_with_its_registration_and_undone_with_it(fitted, workspace, qtbot):
    with qtbot.waitSignal(fitted.ended):
        fitted.revise(IDS, place(30.0))
        assert landmarks(workspace) == []
        assert [mark.baseline_px for mark in fitted.pair_after(IDS).landmarks.values()] == [(30.0, 10.0)]
    assert (landmarks(workspace), record_of(workspace).n_landmarks) == ([30.0], 1)
    workspace.undo()
    assert (landmarks(workspace), record_of(workspace).n_landmarks) == ([], 0)
    workspace.redo()
    assert (landmarks(workspace), record_of(workspace).n_landmarks) == ([30.0], 1)


def test_edits_that_follow_quickly_wait_for_each_other(fitted, workspace, qtbot):
    for x in (30.0, 50.0, 70.0):
        fitted.revise(IDS, place(x))
    assert len(fitted.pair_after(IDS).landmarks) == 3
    qtbot.waitUntil(lambda: not fitted.running)
    assert (landmarks(workspace), record_of(workspace).n_landmarks) == ([30.0, 50.0, 70.0], 3)
    workspace.undo()
    assert (landmarks(workspace), record_of(workspace).n_landmarks) == ([30.0, 50.0], 2)


def test_an_edit_whose_registration_fails_is_made_all_the_same(fitted, workspace, finds, told, qtbot):
    finds["gives"] = UserFacingError("week 12 has no scale", remedy="Set its scale first.")
    with qtbot.waitSignal(fitted.ended):
        fitted.revise(IDS, place(30.0))
    assert landmarks(workspace) == [30.0]
    assert "Week 12 has no scale. Set its scale first." in told


def test_stopping_keeps_the_edits(fitted, workspace, finds, qtbot):
    def stopped(_study, _ids, report):
        while True:
            report("searching", 0.1)
            threading.Event().wait(0.005)

    finds["gives"] = stopped
    fitted.revise(IDS, place(30.0))
    fitted.revise(IDS, place(50.0))
    fitted.cancel()
    assert (landmarks(workspace), record_of(workspace).n_landmarks) == ([30.0, 50.0], 0)


def test_an_edit_is_made_once_when_it_is_stopped_as_it_is_made(fitted, workspace, qtbot):
    workspace.document_changed.connect(lambda _: fitted.cancel())
    with qtbot.waitSignal(fitted.ended):
        fitted.revise(IDS, place(30.0))
    assert landmarks(workspace) == [30.0]


def test_an_edit_that_cannot_be_done_is_told(fitted, workspace, told, qtbot):
    with qtbot.waitSignal(fitted.ended):
        fitted.revise(IDS, lambda study: place_landmark(study, 9, (1.0, 1.0), (2.0, 2.0)))
    assert told == ["There is no pair 9 of images."]
    assert not fitted.running


def test_another_study_ends_it(fitted, workspace, finds):
    def waits(_study, _ids, report):
        while True:
            report("searching", 0.1)
            threading.Event().wait(0.005)

    finds["gives"] = waits
    fitted.register([IDS])
    workspace.set_session(None)
    assert not fitted.running


def test_cancelled_work_leaves_no_error(registrar, finds, workspace, told, qtbot):
    finds["gives"] = Cancelled()
    with qtbot.waitSignal(registrar.ended):
        registrar.register([IDS])
    assert told == []


def test_a_registration_survives_closing(registrar, workspace, session, study_path, finds, qtbot):
    with qtbot.waitSignal(registrar.ended):
        registrar.register([IDS])
    workspace.set_session(None)
    session.close()
    with open_study(study_path, "Ada") as again:
        assert pair_between(again.study, 1, 2).registration == registration()
