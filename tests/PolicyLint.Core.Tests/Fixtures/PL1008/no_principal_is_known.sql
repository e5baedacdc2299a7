-- Users live in an identity provider: there is no table to point to.
create table public.notes (id uuid primary key, user_id text not null);
create table public.tags (id uuid primary key, user_id text not null);
