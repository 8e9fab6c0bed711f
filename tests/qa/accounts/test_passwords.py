"""How passwords are hashed, with the parameters that are in use."""

from __future__ import annotations

from argon2 import PasswordHasher

from qa.accounts.passwords import hash_password, is_outdated, verify_password

PASSWORD = "海上生明月 天涯共此时"


def test_a_password_is_hashed_with_argon2id_and_a_salt() -> None:
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, second choice
    assert first != second
    assert verify_password(first, PASSWORD)
    assert not verify_password(first, PASSWORD + "x")
    assert not verify_password("not a hash", PASSWORD)


def test_full_width_signs_of_an_input_method_make_no_difference() -> None:
    assert verify_password(hash_password("abcdef-12345"), "ａｂｃｄｅｆ－１２３４５")


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert is_outdated(weak)
    assert not is_outdated(hash_password(PASSWORD))
