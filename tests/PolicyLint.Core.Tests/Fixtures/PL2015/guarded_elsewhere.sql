create table public.a (id uuid primary key, user_id uuid not null, tenant_id uuid not null);
create policy p on public.a using (user_id = nullif(current_setting('app.user_id', true), '')::uuid and tenant_id = current_setting('app.tenant_id', true)::uuid);
create table public.b (id uuid primary key, user_id uuid not null);
create policy p on public.b using (user_id = current_setting('app.user_id', true)::uuid);
--                                           ^^^^^^^^^^^^^^^ PL2015: app.user_id may be the empty string
