-- config: platform: plain
-- config: tenancy:
-- config:   tenant_id: { is: "current_setting('app.tenant', true)::uuid", references: public.tenants(id) }
create table public.tenants (id uuid primary key);
create table public.notes (id uuid primary key, tenant_id uuid not null);
--                                              ^^^^^^^^^^^^^^^^^^ PL1008: nothing ties its rows to public.tenants(id)
