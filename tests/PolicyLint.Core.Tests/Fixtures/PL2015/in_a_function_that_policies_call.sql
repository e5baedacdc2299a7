create function public.current_tenant() returns uuid language sql stable as $$ select current_setting('app.tenant_id')::uuid $$;
--                                                                                    ^^^^^^^^^^^^^^^ PL2015: public.current_tenant, which policies call
create function public.caught() returns uuid language plpgsql stable as $$
begin
  return current_setting('app.tenant_id')::uuid;
exception when others then
  return null;
end
$$;
create function public.not_called() returns uuid language sql stable as $$ select current_setting('app.tenant_id')::uuid $$;
create table public.a (id uuid primary key, tenant_id uuid not null);
create policy p on public.a using (tenant_id = (select public.current_tenant()) or tenant_id = (select public.caught()));
