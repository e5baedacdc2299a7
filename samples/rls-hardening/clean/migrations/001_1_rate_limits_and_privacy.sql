begin;

-- No API role holds a grant on rate_limits; the edge functions write it as service_role.
alter table public.rate_limits disable row level security;

alter table public.business_accounts add column is_public boolean not null default true;

commit;
