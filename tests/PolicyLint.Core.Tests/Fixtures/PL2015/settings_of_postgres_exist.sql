create table public.a (id uuid primary key, zone text);
create policy p on public.a using (zone = current_setting('timezone'));
