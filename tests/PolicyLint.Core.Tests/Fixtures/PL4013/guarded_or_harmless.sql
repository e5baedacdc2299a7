create table public.notes (id uuid primary key, user_id uuid not null);
create policy a on public.notes using (current_setting('app.bypass_rls', true) = 'on' and pg_has_role('maintenance', 'member'));
create policy b on public.notes using (current_setting('app.tenant_id', true) = user_id::text);
create policy c on public.notes using (current_setting('app.skip_notifications', true) = 'on' and user_id is null);
create function public.touch() returns trigger language plpgsql as $$ begin if current_setting('app.skip_tenant_check', true) = 'on' then return new; end if; return new; end $$;
