-- What is dropped first can be made again.
create table if not exists public.a (id uuid primary key);
create table if not exists public.b (id uuid primary key);
create or replace function public.f() returns trigger language plpgsql as 'begin return new; end';
drop trigger if exists t on public.a;
create trigger t before insert on public.a for each row execute function public.f();
drop policy if exists own on public.a;
create policy own on public.a using (true);
create policy own on public.b using (true);
-- ^^^ PL3007: CREATE POLICY fails when it runs again
