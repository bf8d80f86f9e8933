"""Makes primitives.txt with OpenSSL and Python's own hmac, so that the JDK's and Bouncy Castle's primitives are held against others.

python3 primitives.py > primitives.txt      (Debian: python3-cryptography)
"""
import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def draw(name, length):
    return hashlib.shake_256(name.encode()).digest(length)


def row(*fields):
    print(" ".join(f.hex() if isinstance(f, bytes) and f else "-" if f == b"" else str(f) for f in fields))


def gcm():
    for length in (0, 1, 12, 15, 16, 17, 31, 32, 33, 48, 127, 128, 255, 256, 257):
        for aad in (0, 1, 9, 16, 20):
            name = f"gcm {length} {aad}"
            key, iv, a, p = draw(name + "k", 32), draw(name + "i", 12), draw(name + "a", aad), draw(name + "p", length)
            row("gcm", key, iv, a, p, AESGCM(key).encrypt(iv, p, a))


def macs():
    for digest in ("sha256", "sha384"):
        for key in (1, 32, 48, 63, 64, 65, 127, 128, 129):
            for length in (0, 1, 55, 56, 64, 111, 112, 128):
                k, m = draw(f"mac k {key}", key), draw(f"mac m {length}", length)
                row("hmac-" + digest, k, m, hmac.new(k, m, digest).digest())


def kdfs():
    for name, digest, size in (("sha256", hashes.SHA256(), 32), ("sha384", hashes.SHA384(), 48)):
        for length in (1, 12, size - 1, size, size + 1, 2 * size, 2 * size + 1):
            for salt in (0, 1, size, 130):
                for info in (0, 100):
                    s, i, k = draw(f"salt {salt}", salt), draw(f"info {info}", info), draw("input", 32)
                    row("hkdf-" + name, s, k, i, HKDF(digest, length, s, i).derive(k))
        prk = draw("prk", size)
        row("expand-" + name, prk, draw("most", 7), HKDFExpand(digest, 255 * size, draw("most", 7)).derive(prk))


P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
LOW = (0, 1, 325606250916557431795983626356110631294008115727848805560023387167927233504,
       39382357235489614581723060781553021112529911719440698176882885853963445705823, P - 1, P, P + 1)


def x25519():
    for i in range(32):
        private = draw(f"x25519 {i}", 32)
        u = draw(f"u {i}", 32)  # half of them on the twist, half of them with the highest bit set
        row("x25519", private, u, X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(u)))
    for u in (2, 3, 9, P - 2, P + 2, P + 9, P + 18):  # from P on they are not canonical
        for high in (0, 2**255):
            private, point = draw(f"x25519 {u}", 32), (u + high).to_bytes(32, "little")
            row("x25519", private, point,
                X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(point)))
    for u in LOW:
        for high in (0, 2**255):
            private, point = draw(f"x25519 low {u}", 32), (u + high).to_bytes(32, "little")
            try:
                X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(point))
                raise SystemExit("OpenSSL takes a point of low order")
            except ValueError:
                row("x25519-zero", private, point)


def ed25519():
    for i in range(16):
        key = Ed25519PrivateKey.from_private_bytes(draw(f"ed25519 {i}", 32))
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = draw(f"message {i}", 5 * i)
        signature = key.sign(b"lifeboat 1 manifest\n" + message)
        row("ed25519", public, message, signature)
        s = int.from_bytes(signature[32:], "little")
        for other in (s + L, s + 2 * L, L - s, 0, L, 2**256 - 1):  # the same or none, by other numbers
            row("ed25519-bad", public, message, signature[:32] + other.to_bytes(32, "little"))
        row("ed25519-bad", public, message, bytes([1] + [0] * 31) + signature[32:])
        row("ed25519-bad", public, message, signature[32:] + signature[:32])
        row("ed25519-bad", public, message, bytes(64))
        row("ed25519-bad", public, message, signature[:31] + bytes([signature[31] ^ 0x80]) + signature[32:])


gcm()
macs()
kdfs()
x25519()
ed25519()
