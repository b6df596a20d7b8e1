-- Logins: the tokens of connections that a human logged in to (OAuth 2.0 authorization code), one row for all processes
-- that use and renew them.

create table logins (
  workspace_id integer not null,
  connection text not null,
  -- Another one for every time that somebody logs in: readers begin anew with it.
  login_id text not null,
  -- The app that the tokens belong to; with another one in the settings they are of no use.
  client_id text not null,
  -- Both sealed (src/store/seal.ts).
  access_token text not null,
  refresh_token text not null,
  -- When the access token should be renewed, and when it ends.
  renew_at timestamptz not null,
  expires_at timestamptz not null,
  -- The vendor's id of the account, and what may be done there.
  account text,
  scopes text[],
  -- Another one after every renewal and every login.
  version bigint not null default 1,
  -- Who renews, and until when the others leave it to them; a process that dies in the middle is waited for no longer.
  claim text,
  claimed_until timestamptz,
  logged_in_at timestamptz not null default now(),
  renewed_at timestamptz,
  constraint logins_pkey primary key (workspace_id, connection),
  constraint logins_connection_known foreign key (workspace_id, connection) references connections on delete cascade,
  constraint logins_claim_complete check ((claim is null) = (claimed_until is null))
) with (fillfactor = 50);
