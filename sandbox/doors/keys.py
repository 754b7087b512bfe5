"""Keys to sign with as the clouds do, each with its certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`id` names it where several are published."""

    id: str
    private: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate

    @classmethod
    def made(cls, id_: str, *, days: int = 30, now: datetime | None = None) -> SigningKey:
        """A new one whose certificate serves for so many days; a negative number: it has ended already."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{id_}.sandbox")])
        ends = (now or datetime.now(UTC)) + timedelta(days=days)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ends - timedelta(days=60))
            .not_valid_after(ends)
            .sign(private, hashes.SHA256())
        )
        return cls(id_, private, certificate)

    @property
    def pem(self) -> str:
        """The certificate, as it is published."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def private_pem(self) -> str:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def sign(self, content: bytes, *, sha1: bool = False) -> bytes:
        return self.private.sign(content, padding.PKCS1v15(), hashes.SHA1() if sha1 else hashes.SHA256())
