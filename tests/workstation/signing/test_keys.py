import base64
import json
import os
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workstation.errors import UserFacingError
from workstation.signing import sealing
from workstation.signing.keys import (
    _beside,
    back_up,
    change_passphrase,
    key_of,
    keys_folder,
    known_keys,
    make_key,
    read_key,
    restore,
    sign_with,
)
from workstation.signing.public_keys import (
    _ORDER_8,
    _PRIME,
    _WEAK,
    encoded,
    fingerprint,
    holds,
    read_offer,
    sound_key,
    write_offer,
)
from workstation.signing.sealing import WrongPassphraseError

PASSPHRASE = "four plain words here"


@pytest.fixture
def ada():
    return make_key("Ada", PASSPHRASE)


def test_a_key_signs_what_its_public_half_verifies(ada):
    signature = sign_with(ada, PASSPHRASE, b"a read")
    assert holds(ada.public_key, signature, b"a read")
    assert not holds(ada.public_key, signature, b"another read")


def test_the_signature_is_ed25519_of_rfc_8032():
    """The second test vector of RFC 8032, section 7.1: what is verified here is what others verify."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert holds(encoded(public), encoded(signature), bytes([0x72]))
    assert not holds(encoded(public), encoded(signature), bytes([0x73]))


def test_the_file_is_the_owners_alone_and_holds_no_private_half(ada):
    file = keys_folder() / ada.file_name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_folder().stat().st_mode) == 0o700
    assert [path.name for path in keys_folder().iterdir()] == [file.name]
    secret = sealing.unseal(ada.sealed, PASSPHRASE, _beside(ada.offered), 32)
    text = file.read_bytes()
    assert secret not in text
    assert secret.hex().encode() not in text
    assert encoded(secret).encode() not in text


def test_the_honest_cost_of_a_guess(monkeypatch):
    monkeypatch.undo()
    assert (sealing.COST, sealing.BLOCK, sealing.LANES) == (2**17, 8, 1)


def test_two_keys_of_one_passphrase_have_nothing_in_common(ada):
    ben = make_key("Ben", PASSPHRASE)
    assert ada.public_key != ben.public_key
    assert ada.sealed.salt != ben.sealed.salt
    assert ada.sealed.text != ben.sealed.text


def test_a_wrong_passphrase_is_told_as_such(ada):
    with pytest.raises(WrongPassphraseError, match=r"^the passphrase is wrong\. Type it again"):
        sign_with(ada, PASSPHRASE + " ", b"a read")


def test_every_changed_byte_of_a_key_file_is_told_as_damage(ada):
    file = keys_folder() / ada.file_name
    data = file.read_bytes()
    harmless = []
    for i in range(len(data)):
        file.write_bytes(data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :])
        try:
            read = read_key(file)
        except UserFacingError as error:
            told = error.what
        else:
            assert read == ada
            harmless.append(data[i : i + 1])
            continue
        assert "damaged" in told
    assert set(harmless) <= {b" ", b"\n"}


def test_a_cut_key_file_is_told_as_damage_and_found_by_no_name(ada):
    file = keys_folder() / ada.file_name
    file.write_bytes(file.read_bytes()[:100])
    told = []
    assert key_of("Ada", told.append) is None
    assert len(told) == 1
    assert "this is no signing key, or a damaged one" in told[0]
    assert "trichodesk key restore" in told[0]


def test_parts_of_two_keys_do_not_make_one(ada):
    ben = make_key("Ben", PASSPHRASE)
    mixed = ben.model_copy(update={"sealed": ada.sealed})
    mixed = mixed.model_copy(update={"sha256": mixed.checksum()})
    with pytest.raises(WrongPassphraseError):
        sign_with(mixed, PASSPHRASE, b"a read")


def test_a_key_under_another_name_is_damaged(ada):
    renamed = ada.model_copy(update={"name": "Ben"})
    renamed = renamed.model_copy(update={"sha256": renamed.checksum()})
    file = keys_folder() / "ben.key"
    file.write_text(renamed.model_dump_json())
    with pytest.raises(UserFacingError, match="damaged"):
        read_key(file)


def test_a_foreign_file_may_not_ask_for_all_the_memory(ada):
    file = keys_folder() / ada.file_name
    content = json.loads(file.read_text())
    content["sealed"]["cost"] = 2**30
    file.write_text(json.dumps(content))
    with pytest.raises(UserFacingError, match="damaged"):
        read_key(file)


def test_several_readers_have_a_key_each(ada):
    ben = make_key("Ben", "another passphrase")
    assert known_keys() == (ada, ben)
    assert key_of("Ada") == ada
    assert key_of("ben") is None


def test_a_second_key_of_one_reader_is_made_on_purpose_alone(ada):
    with pytest.raises(UserFacingError, match=f"Ada has a key on this computer: {ada.fingerprint}"):
        make_key("Ada", "another passphrase")
    other = make_key("Ada", "another passphrase", another=True)
    assert key_of("Ada") == other
    assert {path.name for path in keys_folder().iterdir()} == {other.file_name, ada.file_name + ".earlier"}


@pytest.mark.parametrize("passphrase", ["", "short", "eleven char", "            ", "abababababababab"])
def test_a_passphrase_that_locks_nothing_is_refused(passphrase):
    with pytest.raises(UserFacingError, match="the passphrase"):
        make_key("Ada", passphrase)
    assert known_keys() == ()


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 300])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(UserFacingError):
        make_key(name, PASSPHRASE)


def test_a_name_that_no_file_can_have():
    key = make_key("A/B: C?", PASSPHRASE)
    assert key_of("A/B: C?") == key
    assert key.file_name.startswith("A_B_ C_-")


def test_one_text_however_it_was_composed(ada):
    key = make_key("Zoë", "caf\u00e9 au lait, two sugars")
    assert sign_with(key, "cafe\u0301 au lait, two sugars", b"x")


def test_another_passphrase(ada):
    new = "a wholly different one"
    changed = change_passphrase(ada, PASSPHRASE, new)
    assert changed.public_key == ada.public_key
    assert key_of("Ada") == changed
    assert holds(ada.public_key, sign_with(changed, new, b"x"), b"x")
    with pytest.raises(WrongPassphraseError):
        sign_with(changed, PASSPHRASE, b"x")
    with pytest.raises(WrongPassphraseError):
        change_passphrase(changed, PASSPHRASE, new)
    with pytest.raises(UserFacingError, match="fewer than 12"):
        change_passphrase(changed, new, "short")


def test_a_backup_is_sealed_and_brings_the_key_back(ada, tmp_path):
    backup = tmp_path / "ada.backup"
    back_up(ada, backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    (keys_folder() / ada.file_name).unlink()
    assert key_of("Ada") is None
    assert restore(backup) == ada
    assert holds(ada.public_key, sign_with(key_of("Ada"), PASSPHRASE, b"x"), b"x")
    with pytest.raises(UserFacingError, match="already a file"):
        back_up(ada, backup)


def test_a_backup_takes_the_place_of_another_key_on_purpose_alone(ada, tmp_path):
    backup = tmp_path / "ada.backup"
    back_up(ada, backup)
    other = make_key("Ada", "another passphrase", another=True)
    with pytest.raises(UserFacingError, match=f"Ada has another key on this computer: {other.fingerprint}"):
        restore(backup)
    assert restore(backup, another=True) == ada
    assert key_of("Ada") == ada
    assert restore(backup) == ada


def test_a_file_that_is_no_key(tmp_path):
    path = tmp_path / "picture.jpg"
    path.write_bytes(os.urandom(100))
    for take in (restore, read_offer):
        with pytest.raises(UserFacingError, match="this is no"):
            take(path)
    path.write_bytes(bytes(100_000))
    with pytest.raises(UserFacingError, match="far too large"):
        restore(path)
    with pytest.raises(UserFacingError, match="cannot be read"):
        restore(tmp_path / "nowhere")


def test_a_public_key_travels_in_a_file(ada, tmp_path):
    path = tmp_path / "ada.trichokey"
    write_offer(path, ada.offered)
    found = read_offer(path)
    assert (found.name, found.public_key, found.fingerprint) == ("Ada", ada.public_key, ada.fingerprint)
    assert b"sealed" not in path.read_bytes()
    write_offer(path, ada.offered)  # again: the same file
    with pytest.raises(UserFacingError, match="already a file"):
        write_offer(path, make_key("Ben", PASSPHRASE).offered)


def test_a_public_key_under_another_name_is_refused(ada, tmp_path):
    path = tmp_path / "ada.trichokey"
    write_offer(path, ada.offered)
    path.write_text(path.read_text().replace('"Ada"', '"Eve"'))
    with pytest.raises(UserFacingError, match="damaged or changed"):
        read_offer(path)


def test_the_file_of_a_private_key_is_not_taken_for_a_public_one(ada):
    with pytest.raises(UserFacingError, match="a sealed private key, and those are never handed over"):
        read_offer(keys_folder() / ada.file_name)


def test_fingerprint_of_a_known_key():
    # printf '\\x09%31s' | tr ' ' '\\0' | sha256sum
    assert fingerprint(encoded(bytes([9]) + bytes(31))) == "34EC 81DB DAF9 1485 67DC 4254 F938 52D3"


def test_keys_with_which_anything_seems_signed_are_none():
    d = -121665 * pow(121666, -1, _PRIME) % _PRIME

    def add(p, q):
        """Twisted Edwards addition, RFC 8032 section 5.1.4, in affine coordinates."""
        (x1, y1), (x2, y2) = p, q
        k = d * x1 * x2 * y1 * y2 % _PRIME
        x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, _PRIME) % _PRIME
        return x, (y1 * y2 + x1 * x2) * pow(1 - k, -1, _PRIME) % _PRIME

    def root(square):
        x = pow(square, (_PRIME + 3) // 8, _PRIME)
        return x if x * x % _PRIME == square else x * pow(2, (_PRIME - 1) // 4, _PRIME) % _PRIME

    y = _ORDER_8
    x = root((y * y - 1) * pow(d * y * y + 1, -1, _PRIME) % _PRIME)
    point, multiples = (x, y), []
    for _ in range(8):
        multiples.append(point)
        point = add(point, (x, y))
    assert multiples[7] == (0, 1)  # of order 8, and no less
    assert multiples[3] != (0, 1)
    assert {y for _, y in multiples} == _WEAK
    for weak in _WEAK:
        for sign in (0, 1):
            with pytest.raises(ValueError, match="relied on"):
                sound_key(encoded((weak | sign << 255).to_bytes(32, "little")))
    with pytest.raises(ValueError, match="relied on"):
        sound_key(encoded((_PRIME + 3).to_bytes(32, "little")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.binary(max_size=200), at=st.integers(0, 63), bit=st.integers(0, 7))
def test_no_bit_of_a_signature_may_differ(ada, message, at, bit):
    signature = sign_with(ada, PASSPHRASE, message)
    raw = bytearray(base64.b64decode(signature))
    raw[at] ^= 1 << bit
    assert holds(ada.public_key, signature, message)
    assert not holds(ada.public_key, encoded(bytes(raw)), message)


@pytest.mark.parametrize("text", ["", "AAAA", "not base64 at all!", "A" * 88, "é" * 44])
def test_what_is_no_signature_holds_nowhere(ada, text):
    assert not holds(ada.public_key, text, b"x")
    assert not holds(text, sign_with(ada, PASSPHRASE, b"x"), b"x")
