"""Signatures of sealed files: made with real keys, checked here and by OpenSSH, and refused for any change."""

from __future__ import annotations

import base64
import hashlib
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.engines.signing import LOCKED, check_signature
from tests.records import base_records, built

asymmetric = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
OPENSSH = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
KINDS = ("ed25519", "rsa", "ecdsa-256", "ecdsa-384", "ecdsa-521")


def made_key(kind: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if kind == "ed25519":
        return asymmetric.Ed25519PrivateKey.generate()
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    curve = {"256": ec.SECP256R1, "384": ec.SECP384R1, "521": ec.SECP521R1}[kind[-3:]]
    return ec.generate_private_key(curve())


def key_files(folder: Path, kind: str, passphrase: bytes | None = None, name: str = "key") -> tuple[Path, Path]:
    """A private key as OpenSSH keeps it, and its public one."""
    from cryptography.hazmat.primitives import serialization as s

    key = made_key(kind)
    locked = s.BestAvailableEncryption(passphrase) if passphrase else s.NoEncryption()
    private, public = folder / name, folder / f"{name}.pub"
    private.write_bytes(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.OpenSSH, locked))
    private.chmod(0o600)
    line = key.public_key().public_bytes(s.Encoding.OpenSSH, s.PublicFormat.OpenSSH).decode()
    public.write_text(f"# who may sign\n{line} editor@example.org\n")
    return private, public


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with built(tmp_path_factory.mktemp("signed"), base_records()) as kb:
        return kb.path


@pytest.fixture
def file(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sealed, tmp_path / "pack.ekb"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_key_signs_verifies_with_its_public_one(file: Path, tmp_path: Path, kind: str) -> None:
    private, public = key_files(tmp_path, kind)
    assert ekb.sign(file, private) == tmp_path / "pack.ekb.sig"
    found = ekb.verify(file, signed_by=public)
    assert found.signer is not None
    assert found.signer["comment"] == "editor@example.org"
    assert "signed by editor@example.org (" in str(found)


def signed_by_hardware(file: Path, folder: Path, kind: str) -> Path:
    """Sign as a device does (OpenSSH, PROTOCOL.u2f), with a key that is in software; gives the public one."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import ec

    def strings(*parts: bytes) -> bytes:
        return b"".join(struct.pack(">I", len(part)) + part for part in parts)

    hashed = hashlib.sha512(file.read_bytes()).digest()
    said = b"\x01" + struct.pack(">I", 7)
    asked = b"SSHSIG" + strings(b"file", b"", b"sha512", hashed)
    message = hashlib.sha256(b"ssh:").digest() + said + hashlib.sha256(asked).digest()
    if kind.startswith("sk-ssh-ed25519"):
        key = made_key("ed25519")
        parts, made = [key.public_key().public_bytes(s.Encoding.Raw, s.PublicFormat.Raw)], key.sign(message)
    else:
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        key = made_key("ecdsa-256")
        point = key.public_key().public_bytes(s.Encoding.X962, s.PublicFormat.UncompressedPoint)
        numbers = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
        parts = [b"nistp256", point]
        made = strings(*(n.to_bytes(n.bit_length() // 8 + 1, "big") for n in numbers))
    blob = strings(kind.encode(), *parts, b"ssh:")
    held = strings(kind.encode(), made) + said
    text = base64.b64encode(b"SSHSIG" + struct.pack(">I", 1) + strings(blob, b"file", b"", b"sha512", held)).decode()
    begin, end = (f"-----{word} SSH SIGNATURE-----" for word in ("BEGIN", "END"))
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    file.with_name(f"{file.name}.sig").write_text("\n".join([begin, *lines, end, ""]))
    public = folder / "device.pub"
    public.write_text(f"# who may sign\n{kind} {base64.b64encode(blob).decode()} editor@example.org\n")
    return public


@OPENSSH
@pytest.mark.parametrize("kind", ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"])
def test_what_a_key_in_hardware_signs_verifies_as_openssh_has_it(file: Path, tmp_path: Path, kind: str) -> None:
    public = signed_by_hardware(file, tmp_path, kind)
    assert openssh_verifies(file, tmp_path, public).returncode == 0
    assert check_signature(file, public).kind == kind
    file.write_bytes(file.read_bytes() + b"x")
    assert openssh_verifies(file, tmp_path, public).returncode != 0
    with pytest.raises(ekb.SignatureError, match="is not of these bytes"):
        check_signature(file, public)


def openssh_verifies(file: Path, folder: Path, public: Path) -> subprocess.CompletedProcess[str]:
    """What OpenSSH says of the signature beside a file."""
    (folder / "allowed").write_text("editor@example.org " + public.read_text().splitlines()[1])
    command = [
        "ssh-keygen", "-Y", "verify", "-f", folder / "allowed", "-I", "editor@example.org", "-n", "file",
        "-s", f"{file}.sig",
    ]  # fmt: skip
    with file.open("rb") as signed:
        return subprocess.run(list(map(str, command)), stdin=signed, capture_output=True, text=True, check=False)


@OPENSSH
@pytest.mark.parametrize("kind", KINDS)
def test_openssh_verifies_it_too(file: Path, tmp_path: Path, kind: str) -> None:
    private, public = key_files(tmp_path, kind)
    ekb.sign(file, private)
    done = openssh_verifies(file, tmp_path, public)
    assert done.returncode == 0, done.stderr
    assert 'Good "file" signature' in done.stdout


@OPENSSH
@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_what_openssh_signs_verifies_here(file: Path, tmp_path: Path, kind: str) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "me", "-f", str(key)], check=True)
    subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", "file", str(file)], check=True, capture_output=True
    )
    listed = subprocess.run(["ssh-keygen", "-l", "-f", f"{key}.pub"], capture_output=True, text=True, check=True).stdout
    found = ekb.verify(file, signed_by=f"{key}.pub")
    assert found.signer is not None
    assert found.signer["fingerprint"] in listed
    ekb.sign(file, key)
    ekb.verify(file, signed_by=f"{key}.pub")


@OPENSSH
def test_a_signature_for_another_purpose_is_none_of_a_file(file: Path, tmp_path: Path) -> None:
    private, public = key_files(tmp_path, "ed25519")
    command = ["ssh-keygen", "-Y", "sign", "-f", str(private), "-n", "git", str(file)]
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(ekb.SignatureError, match="it was made for 'git'"):
        ekb.verify(file, signed_by=public)


def test_one_of_several_signers_is_enough_and_another_key_is_not(file: Path, tmp_path: Path) -> None:
    private, public = key_files(tmp_path, "ed25519")
    _, other = key_files(tmp_path, "ed25519", name="other")
    ekb.sign(file, private)
    both = tmp_path / "both.pub"
    both.write_text(other.read_text() + public.read_text())
    assert ekb.verify(file, signed_by=both).signer is not None
    with pytest.raises(ekb.SignatureError, match=r"signed by SHA256:\S+, which .*other\.pub does not name"):
        ekb.verify(file, signed_by=other)


def test_a_file_that_was_built_anew_is_no_longer_signed(file: Path, tmp_path: Path) -> None:
    private, public = key_files(tmp_path, "ed25519")
    ekb.sign(file, private)
    records = base_records()
    records["claims"][0]["text"] = "A score brings many replies."
    built(tmp_path / "again", records, file).close()
    ekb.verify(file)
    with pytest.raises(ekb.SignatureError, match="is not of these bytes"):
        ekb.verify(file, signed_by=public)


@given(kind=st.sampled_from(["ed25519", "ecdsa-256"]), at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_changed_signature_verifies(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, kind: str, at: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    file = Path(shutil.copy(sealed, folder / "pack.ekb"))
    private, public = key_files(folder, kind)
    signature = ekb.sign(file, private)
    begin, *middle, end = signature.read_text().splitlines()
    blob = bytearray(base64.b64decode("".join(middle)))
    blob[int(at * len(blob))] ^= 1 << bit
    signature.write_text("\n".join([begin, base64.b64encode(blob).decode(), end, ""]))
    with pytest.raises(ekb.SignatureError):
        check_signature(file, public)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "does not stand between the two lines"),
        ("-----BEGIN SSH SIGNATURE-----\n@@@\n-----END SSH SIGNATURE-----\n", "no signature of OpenSSH"),
        ("-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n", "not of version 1"),
        ("-----BEGIN SSH SIGNATURE-----\n" + "A" * 200_000, "does not stand between"),
    ],
)
def test_what_is_no_signature_is_refused(file: Path, tmp_path: Path, text: str, says: str) -> None:
    _, public = key_files(tmp_path, "ed25519")
    (tmp_path / "pack.ekb.sig").write_text(text)
    with pytest.raises(ekb.SignatureError, match=says):
        ekb.verify(file, signed_by=public)


def test_a_file_without_a_signature_says_so(file: Path, tmp_path: Path) -> None:
    _, public = key_files(tmp_path, "ed25519")
    with pytest.raises(ekb.SignatureError, match=r"there is no pack\.ekb\.sig beside it"):
        ekb.verify(file, signed_by=public)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no public key"),
        ("# nobody\n", "holds no public key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "that is a private key"),
        ("editor@example.org ssh-ed25519 AAAA\n", "options and principals are not read"),
        ("ssh-dss AAAA\n", "is no public key of a kind that can sign here"),
    ],
)
def test_signers_are_public_keys_and_nothing_else(file: Path, tmp_path: Path, text: str, says: str) -> None:
    private, _ = key_files(tmp_path, "ed25519")
    ekb.sign(file, private)
    (tmp_path / "signers").write_text(text)
    with pytest.raises(ekb.SignatureError, match=says):
        ekb.verify(file, signed_by=tmp_path / "signers")


def test_a_locked_key_wants_its_passphrase(file: Path, tmp_path: Path) -> None:
    private, public = key_files(tmp_path, "ed25519", b"open")
    for passphrase in (None, "shut"):
        with pytest.raises(ekb.SignatureError) as refused:
            ekb.sign(file, private, passphrase=passphrase)
        assert refused.value.problem == LOCKED
    ekb.sign(file, private, passphrase="open")
    ekb.verify(file, signed_by=public)


def test_what_is_no_key_cannot_sign(file: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("no key")
    with pytest.raises(ekb.SignatureError, match="no private key that can sign here"):
        ekb.sign(file, tmp_path / "key")
    with pytest.raises(FileNotFoundError):
        ekb.sign(file, tmp_path / "nothing")
    _, public = key_files(tmp_path, "ed25519", name="mine")
    public.write_text(public.read_text().splitlines()[1])
    with pytest.raises(ekb.SignatureError, match="that is a public key; give the private one"):
        ekb.sign(file, public)


def test_signers_may_be_kept_by_an_editor_of_another_system(file: Path, tmp_path: Path) -> None:
    private, public = key_files(tmp_path, "ed25519")
    ekb.sign(file, private)
    public.write_bytes(b"\xef\xbb\xbf" + public.read_bytes().splitlines()[1].replace(b" ", b"\t") + b"\r\n")
    assert check_signature(file, public).comment == "editor@example.org"


def test_a_damaged_file_is_not_signed(file: Path, tmp_path: Path) -> None:
    private, _ = key_files(tmp_path, "ed25519")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(ekb.SealedFileError):
        ekb.sign(file, private)
    assert not (tmp_path / "pack.ekb.sig").exists()
