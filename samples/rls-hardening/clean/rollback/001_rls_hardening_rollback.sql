begin;

drop policy "Users can delete their own chat media" on storage.objects;
drop policy "Users can upload chat media" on storage.objects;
drop policy "Users can view chat media" on storage.objects;
drop policy "Users can update their own avatar" on storage.objects;
drop policy "Users can upload their own avatar" on storage.objects;
drop policy "Users can view avatars" on storage.objects;

-- A bucket that holds objects stays; without policies only service_role reaches it.
delete from storage.buckets b
where b.id in ('avatars', 'chat-media')
  and not exists (select from storage.objects o where o.bucket_id = b.id);

drop policy "Users can view public or owned business accounts" on public.business_accounts;
create policy "Users can view business accounts" on public.business_accounts
  for select to authenticated using (true);
alter table public.business_accounts drop column is_public;

alter table public.rate_limits enable row level security;

commit;
