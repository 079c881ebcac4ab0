from workstation.images import load_of


def test_the_study_of_the_window_tests_is_valid_and_its_images_are_there(session):
    assert session.read_only_because is None
    assert session.n_unsaved == 0
    for record in session.study.images.values():
        pixels = load_of(session.path.parent, record).pixels
        assert pixels.shape == (record.height_px, record.width_px, 3)
    assert session.document.current_reader_read(1).id == 3
    assert session.document.current_reader_read(2).based_on == 2
