begin;

drop policy "Users can view business accounts" on public.business_accounts;
create policy "Users can view public or owned business accounts" on public.business_accounts
  for select to authenticated
  using (is_public or owner_id = (select auth.uid()));

-- Whoever has the address of an object of a public bucket can read it: avatars yes, chats no.
insert into storage.buckets (id, name, public, file_size_limit)
values
  ('avatars', 'avatars', true, 10485760),
  ('chat-media', 'chat-media', false, 10485760)
on conflict (id) do nothing;

-- avatars/{userId}.jpg
create policy "Users can view avatars" on storage.objects
  for select to authenticated
  using (bucket_id = 'avatars');

create policy "Users can upload their own avatar" on storage.objects
  for insert to authenticated
  with check (bucket_id = 'avatars' and name = (select auth.uid())::text || '.jpg');

create policy "Users can update their own avatar" on storage.objects
  for update to authenticated
  using (bucket_id = 'avatars' and name = (select auth.uid())::text || '.jpg')
  with check (bucket_id = 'avatars' and name = (select auth.uid())::text || '.jpg');

-- chat-media/{chatId}/*
create policy "Users can view chat media" on storage.objects
  for select to authenticated
  using (bucket_id = 'chat-media' and (storage.foldername(name))[1] in (select c::text from private.my_chats() as c));

create policy "Users can upload chat media" on storage.objects
  for insert to authenticated
  with check (bucket_id = 'chat-media' and (storage.foldername(name))[1] in (select c::text from private.my_chats() as c));

create policy "Users can delete their own chat media" on storage.objects
  for delete to authenticated
  using (bucket_id = 'chat-media' and owner_id = (select auth.uid())::text);

commit;
