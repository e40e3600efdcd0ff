import sqlite3

import pytest

from engine.records import Account, AccountError, Accounts, Member, Role, accounts_place
from engine.records.accounts import INVITATION_S, MOST_SESSIONS, SESSION_IDLE_S, SESSION_WHOLE_S

PASSWORD = "correct horse battery"


@pytest.fixture
def now():
    return [1_000_000.0]


@pytest.fixture
def accounts(tmp_path, now):
    accounts = Accounts(accounts_place(tmp_path), lambda: now[0])
    yield accounts
    accounts.close()


def test_a_password_opens_only_its_own_account(accounts):
    accounts.add("ana", PASSWORD, Role.OPERATOR)
    accounts.add("ben", "another long one", Role.VIEWER)
    assert accounts.signed_in("ana", PASSWORD).role is Role.OPERATOR
    for name, password in (("ana", "another long one"), ("ben", PASSWORD), ("eve", PASSWORD), ("ana", "")):
        assert accounts.signed_in(name, password) is None


def test_the_file_holds_no_password_session_or_token(accounts, tmp_path):
    accounts.add("ana", PASSWORD, Role.ADMIN)
    secrets = [PASSWORD, accounts.new_session("ana"), accounts.add_token("shop", Role.VIEWER)]
    place = accounts_place(tmp_path)
    with sqlite3.connect(place) as db:
        dump = "\n".join(db.iterdump())
    db.close()
    assert not [secret for secret in secrets if secret in dump]
    assert "$argon2id$" in dump
    assert place.stat().st_mode & 0o077 == 0


def test_roles_cover_those_below():
    assert Role.ADMIN.may(Role.OPERATOR)
    assert Role.OPERATOR.may(Role.OPERATOR)
    assert not Role.VIEWER.may(Role.OPERATOR)


def test_sessions_end_by_rest_age_and_sign_out(accounts, now):
    accounts.add("ana", PASSWORD, Role.OPERATOR)
    resting, out, old = (accounts.new_session("ana") for _ in range(3))
    assert accounts.of_session(resting).name == "ana"
    accounts.end_session(out)
    assert accounts.of_session(out) is None
    until = now[0] + SESSION_WHOLE_S
    while now[0] < until:
        assert accounts.of_session(old) is not None
        now[0] += SESSION_IDLE_S / 2
    assert accounts.of_session(old) is None
    assert accounts.of_session(resting) is None
    assert accounts.of_session("") is None


def test_a_session_is_read_although_nothing_can_be_written(accounts, now):
    accounts.add("ana", PASSWORD, Role.OPERATOR)
    session, old = accounts.new_session("ana"), accounts.new_session("ana")
    now[0] += SESSION_IDLE_S / 2
    assert accounts.of_session(session).name == "ana"
    accounts._db.execute("PRAGMA query_only = 1")
    now[0] += SESSION_IDLE_S / 2
    assert accounts.of_session(session).name == "ana"
    assert accounts.of_session(old) is None
    assert [each.sessions for each in accounts.members()] == [1]
    with pytest.raises(AccountError, match="cannot be read or written"):
        accounts.new_session("ana")
    now[0] -= 2 * SESSION_WHOLE_S
    assert accounts.of_session(session) is None


def test_a_new_session_clears_away_those_that_have_ended(accounts, now):
    accounts.add("ana", PASSWORD, Role.OPERATOR)
    accounts.new_session("ana")
    now[0] += SESSION_IDLE_S
    accounts.new_session("ana")
    assert accounts._db.execute("SELECT count(*) FROM sessions").fetchall() == [(1,)]


def test_another_password_or_role_ends_the_sessions(accounts):
    accounts.add("ana", PASSWORD, Role.OPERATOR)
    session = accounts.new_session("ana")
    accounts.change("ana", role=Role.VIEWER)
    assert accounts.of_session(session) is None
    session = accounts.new_session("ana")
    accounts.change("ana", password="quite another one")
    assert accounts.of_session(session) is None
    assert accounts.signed_in("ana", PASSWORD) is None
    assert accounts.signed_in("ana", "quite another one").role is Role.VIEWER
    accounts.remove("ana")
    assert accounts.signed_in("ana", "quite another one") is None


def test_sessions_of_one_account_are_bounded(accounts, now):
    accounts.add("ana", PASSWORD, Role.OPERATOR)
    sessions = []
    for _ in range(MOST_SESSIONS + 2):
        now[0] += 1
        sessions.append(accounts.new_session("ana"))
    assert [accounts.of_session(s) is None for s in sessions] == [True, True] + [False] * MOST_SESSIONS


def test_tokens(accounts):
    token = accounts.add_token("shop", Role.OPERATOR)
    found = accounts.of_token(token)
    assert (found.name, found.role, found.is_token) == ("shop", Role.OPERATOR, True)
    with pytest.raises(AccountError, match="already"):
        accounts.add_token("shop", Role.VIEWER)
    accounts.remove_token("shop")
    assert accounts.of_token(token) is None
    with pytest.raises(AccountError, match="no token “shop”; there are: none"):
        accounts.remove_token("shop")


@pytest.mark.parametrize("name", ["", " ana", "a" * 41, "<b>", "ana\n", "-x"])
def test_names_that_cannot_be(accounts, name):
    with pytest.raises(AccountError, match="cannot be a name"):
        accounts.add(name, PASSWORD, Role.VIEWER)


def test_short_and_long_passwords_and_unknown_names_are_named(accounts):
    with pytest.raises(AccountError, match="10 to 256 characters; this one has 5"):
        accounts.add("ana", "short", Role.VIEWER)
    with pytest.raises(AccountError, match="10 to 256"):
        accounts.add("ana", "x" * 257, Role.VIEWER)
    accounts.add("ana", PASSWORD, Role.VIEWER)
    with pytest.raises(AccountError, match="already"):
        accounts.add("ana", PASSWORD, Role.VIEWER)
    with pytest.raises(AccountError, match="no user “ben”; there are: ana"):
        accounts.change("ben", role=Role.ADMIN)


def test_a_place_that_is_none(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(AccountError, match="cannot be opened"):
        Accounts(tmp_path / "file" / "accounts.sqlite3")


def test_a_disabled_account_is_out_until_it_is_let_in_again(accounts):
    accounts.add("ana", "long enough pw", Role.ADMIN)
    accounts.add("ben", "long enough pw", Role.OPERATOR)
    session = accounts.new_session("ben")
    assert accounts.members() == [
        Member("ana", Role.ADMIN, False, False, 0),
        Member("ben", Role.OPERATOR, False, False, 1),
    ]
    accounts.disable("ben", disabled=True)
    assert accounts.of_session(session) is None
    assert accounts.signed_in("ben", "long enough pw") is None
    assert accounts.members()[1] == Member("ben", Role.OPERATOR, True, False, 0)
    accounts.disable("ben", disabled=False)
    assert accounts.signed_in("ben", "long enough pw") == Account("ben", Role.OPERATOR)
    accounts.disable("ben", disabled=True)
    accounts.remove("ben")
    accounts.add("ben", "long enough pw", Role.VIEWER)
    assert accounts.signed_in("ben", "long enough pw") == Account("ben", Role.VIEWER)


def test_the_last_admin_is_known_and_disabled_ones_do_not_count(accounts):
    accounts.add("ana", "long enough pw", Role.ADMIN)
    accounts.add("ben", "long enough pw", Role.ADMIN)
    assert not accounts.is_last_admin("ana")
    accounts.disable("ben", disabled=True)
    assert accounts.is_last_admin("ana")
    assert not accounts.is_last_admin("ben")


def test_an_invitation_makes_one_account_once(accounts):
    secret = accounts.invite("cleo", Role.OPERATOR)
    assert accounts.invited(secret) == Account("cleo", Role.OPERATOR)
    assert accounts.members() == [Member("cleo", Role.OPERATOR, False, True, 0)]
    assert accounts.signed_in("cleo", "") is None
    with pytest.raises(AccountError, match="10 to 256"):
        accounts.accept(secret, "short")
    assert accounts.accept(secret, "long enough pw") == Account("cleo", Role.OPERATOR)
    with pytest.raises(AccountError, match="used up"):
        accounts.accept(secret, "another long one")
    assert accounts.signed_in("cleo", "long enough pw") == Account("cleo", Role.OPERATOR)
    with pytest.raises(AccountError, match="already"):
        accounts.invite("cleo", Role.ADMIN)


def test_an_invitation_grows_old_and_is_replaced_or_taken_back(tmp_path):
    now = [1000.0]
    accounts = Accounts(tmp_path / "a.sqlite3", lambda: now[0])
    old = accounts.invite("cleo", Role.ADMIN)
    new = accounts.invite("cleo", Role.VIEWER)
    assert (accounts.invited(old), accounts.invited(new)) == (None, Account("cleo", Role.VIEWER))
    accounts.remove("cleo")
    assert accounts.invited(new) is None
    late = accounts.invite("cleo", Role.VIEWER)
    now[0] += INVITATION_S + 1
    assert accounts.invited(late) is None
    assert accounts.members() == []
    with pytest.raises(AccountError, match="too old"):
        accounts.accept(late, "long enough pw")
    accounts.close()


def test_whoever_is_removed_is_gone_with_sessions_and_every_invitation(accounts, now):
    with pytest.raises(AccountError, match="no user “cleo”; there are: none"):
        accounts.remove("cleo")
    accounts.invite("cleo", Role.OPERATOR)
    now[0] += INVITATION_S + 1
    accounts.add("cleo", PASSWORD, Role.ADMIN)
    # As a file of before may have it: an invitation in no list, beside the account.
    accounts._db.execute("INSERT OR REPLACE INTO invitations VALUES ('x', 'cleo', 'operator', 1.0)")
    session = accounts.new_session("cleo")
    accounts.disable("cleo", disabled=False)
    accounts.remove("cleo")
    assert accounts.of_session(session) is None
    assert accounts.signed_in("cleo", PASSWORD) is None
    assert accounts.members() == []
    for table in ("accounts", "sessions", "disabled", "invitations"):
        assert accounts._db.execute(f"SELECT * FROM {table}").fetchall() == [], table
    with pytest.raises(AccountError, match="no user") as told:
        accounts.remove("cleo")
    assert told.value.code == "no_user"


def test_an_account_that_is_added_ends_its_invitation(accounts):
    secret = accounts.invite("cleo", Role.ADMIN)
    accounts.add("cleo", PASSWORD, Role.VIEWER)
    assert accounts.invited(secret) is None
    assert accounts.members() == [Member("cleo", Role.VIEWER, False, False, 0)]
    with pytest.raises(AccountError, match="used up"):
        accounts.accept(secret, "another long one")


def test_invitations_that_are_too_old_are_forgotten(accounts, now):
    accounts.invite("cleo", Role.VIEWER)
    now[0] += INVITATION_S
    accounts.invite("dora", Role.VIEWER)
    assert accounts._db.execute("SELECT name FROM invitations").fetchall() == [("dora",)]
