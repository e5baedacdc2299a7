-- What is intended needs a reason too, and only changes can be.
create function public.me() returns uuid language sql stable as 'select null::uuid';
-- policylint:intended PL3019
-- ^^^ PL9002: The suppression of PL3019 gives no reason
drop function public.me() cascade;
-- policylint:intended PL1001 nobody reads it
-- ^^^ PL9002: PL1001 reports no change that could be intended: write policylint:ignore
create table public.a (id uuid primary key, tenant_id uuid);
