-- Sessions, invitations of staff, and letters with a cause. Conventions as in 0001.

-- All that grew out of one login. Its row is what renewals and endings of the session wait for each other at: a token that
-- is renewed while the session ends elsewhere can't outlive it. refresh_tokens.family names it.
create table login_sessions (
    id uuid not null,
    customer_id uuid constraint login_sessions_customer_fkey references customers (id) on delete cascade,
    staff_id uuid constraint login_sessions_staff_fkey references staff (id) on delete cascade,
    created_at timestamptz not null,
    renewed_at timestamptz not null,
    expires_at timestamptz not null,  -- of its newest token
    revoked_at timestamptz,
    constraint login_sessions_pkey primary key (id),
    constraint login_sessions_account_check check (num_nonnulls(customer_id, staff_id) = 1)
);
create index login_sessions_customer_idx on login_sessions (customer_id) where customer_id is not null;
create index login_sessions_staff_idx on login_sessions (staff_id) where staff_id is not null;
create index login_sessions_expires_idx on login_sessions (expires_at);
create index login_sessions_revoked_idx on login_sessions (revoked_at) where revoked_at is not null;

insert into login_sessions (id, customer_id, staff_id, created_at, renewed_at, expires_at, revoked_at)
select distinct on (family) family, customer_id, staff_id, created_at, created_at, expires_at, revoked_at
from refresh_tokens order by family, expires_at desc;

-- Whoever is to work at a restaurant and has no account yet. Accepted ones stay for a while, so that a repeated acceptance
-- gets the same answer.
create table staff_invitations (
    restaurant_id uuid not null constraint staff_invitations_restaurant_fkey references restaurants (id),
    id uuid not null,
    email text not null,
    role text not null,
    token_hash bytea not null,
    invited_by uuid not null constraint staff_invitations_inviter_fkey references staff (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid constraint staff_invitations_accepted_by_fkey references staff (id),
    constraint staff_invitations_pkey primary key (restaurant_id, id),
    constraint staff_invitations_role_check check (role in ('host', 'manager', 'owner')),
    constraint staff_invitations_hash_check check (octet_length(token_hash) = 32),
    constraint staff_invitations_accepted_check check (num_nulls(accepted_at, accepted_by) in (0, 2))
);
create unique index staff_invitations_email_key on staff_invitations (restaurant_id, lower(email collate "C"))
    where accepted_at is null;
-- Not unique, since it doesn't lead with restaurant_id; the tokens are random.
create index staff_invitations_token_idx on staff_invitations (token_hash);
create index staff_invitations_expires_idx on staff_invitations (expires_at);

-- One letter per cause, however often its transaction is tried.
alter table mail_outbox add column cause text;
create unique index mail_outbox_cause_key on mail_outbox (cause) where cause is not null;
create index mail_outbox_done_idx on mail_outbox (coalesce(sent_at, failed_at))
    where sent_at is not null or failed_at is not null;
create index mail_outbox_recipient_idx on mail_outbox (lower(recipient collate "C"));

-- What is held of one customer: for the export and the erasure.
create index if not exists guests_customer_idx on guests (customer_id) where customer_id is not null;
