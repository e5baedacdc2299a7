-- A claim of the token opens rows; the check does not look at the tenant that is written.
-- told: PL2003 public.invoices/staff/Insert
-- told: PL2003 public.invoices/staff/Update
-- config: tenancy:
-- config:   tenant_id: { is: "((auth.jwt() -> 'app_metadata' ->> 'tenant_id')::uuid)" }
create table public.invoices (id bigint generated always as identity primary key, tenant_id uuid not null, total numeric(5,2) not null check (total >= 0), currency char(3) not null);
create index on public.invoices (tenant_id);
alter table public.invoices enable row level security;
create policy staff on public.invoices for all to authenticated
  using (tenant_id = ((select auth.jwt()) -> 'app_metadata' ->> 'tenant_id')::uuid)
  with check ((select auth.jwt()) -> 'app_metadata' ->> 'tenant_id' is not null);
