create table public.a (id uuid primary key);
create policy p on public.a using (auth.jwt() -> 'user_metadata' ->> 'role' = 'admin');
--                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2008
create policy q on public.a using ((current_setting('request.jwt.claims', true)::json #>> '{user_metadata,role}') = 'admin');
--                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2008
create policy r on public.a using ((auth.jwt())['user_metadata']['role'] = '"admin"');
--                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL2008
create policy s on public.a using (jsonb_extract_path_text(auth.jwt(), 'user_metadata', 'role') = 'admin');
--                                 ^^^^^^^^^^^^^^^^^^^^^^^ PL2008
create policy t on public.a using (exists (select 1 from auth.users u where u.id = auth.uid() and u.raw_user_meta_data ->> 'role' = 'admin'));
--                                                                                                ^^^^^^^^^^^^^^^^^^^^ PL2008
create policy u on public.a using (auth.jwt() -> 'app_metadata' ->> 'role' = 'admin');
