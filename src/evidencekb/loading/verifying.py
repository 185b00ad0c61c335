"""verify() and sign(): that a sealed file is what was built, and who says so."""

from __future__ import annotations

from dataclasses import asdict
from os import PathLike
from pathlib import Path

from evidencekb.answers.base import fixed
from evidencekb.answers.verifications import Verification


def verify(path: str | PathLike[str], *, signed_by: str | PathLike[str] | None = None) -> Verification:
    """Check a sealed file to the last byte: its records, its tables, every byte of it, and on demand its signature.

    Args:
        path: The sealed file.
        signed_by: A file with public keys of SSH, one a line; the signature beside the file must be by one of them.

    Raises:
        SealedFileError: If anything was changed after the build; it says which record or table, as far as that can be known.
        SignatureError: If the file is not signed by one of the keys as it is now.
        EngineError: If the library for keys is not installed; it comes with the extra ``sign``.
        FileNotFoundError: If there is no such file.

    Examples:
        >>> from evidencekb import load
        >>> with load() as kb:
        ...     verify(kb.path).digest == kb.digest
        True
    """
    from evidencekb.engines import verifying

    file = Path(path)
    meta = verifying.verify(file)
    signer = None
    if signed_by is not None:
        from evidencekb.engines.signing import check_signature

        signer = fixed(asdict(check_signature(file, Path(signed_by))))
    return Verification(str(file), meta["pack"], meta["version"], meta["digest"], meta["sealed"], signer)


def sign(path: str | PathLike[str], key: str | PathLike[str], *, passphrase: str | None = None) -> Path:
    """Sign a sealed file with a private key of SSH; ``ssh-keygen -Y verify`` can check it too.

    Args:
        path: The sealed file, which must be whole.
        key: The private key, such as ``~/.ssh/id_ed25519``.
        passphrase: Of the key, when it has one.

    Returns:
        The signature's file, ``FILE.sig`` beside the sealed one.

    Raises:
        SealedFileError: If the file is not whole.
        SignatureError: If the key cannot be used.
        EngineError: If the library for keys is not installed; it comes with the extra ``sign``.
        OSError: If a file cannot be read or written.
    """
    from evidencekb.engines import signing

    return signing.sign(Path(path), Path(key).expanduser(), passphrase=passphrase)
