-- What looks at the column is guarded, and so is the transaction that adds it; a row named by its key is meant.
create table public.accounts (id uuid primary key, region uuid);
create table public.notes (id uuid primary key, account uuid not null, tenant_id uuid, title text);
update public.notes set tenant_id = account where tenant_id is null;
update public.notes set tenant_id = coalesce(tenant_id, account);
update public.notes set tenant_id = account where id in (select id from public.notes where tenant_id is null limit 1000);
update public.notes set tenant_id = account where id = '00000000-0000-0000-0000-000000000001';
update public.notes set title = '';
begin;
alter table public.accounts add column tenant_id uuid;
update public.accounts set tenant_id = region;
commit;
do $$
begin
  update public.notes set tenant_id = account where title = '';
  --     ^^^^^^^^^^^^ PL3006: This backfill also changes rows of public.notes whose tenant_id is set
end $$;
