-- Outside a transaction; serves the directory of public businesses and the policy.
create index concurrently business_accounts_public_idx on public.business_accounts (is_public, name);
