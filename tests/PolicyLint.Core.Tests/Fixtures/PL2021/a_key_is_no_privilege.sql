create table public.inspections (id uuid primary key, inspector_id uuid not null);
create index on public.inspections (inspector_id);
alter table public.inspections enable row level security;
create policy own on public.inspections to authenticated using (inspector_id = (select auth.uid()));
create table public.attachments (id uuid primary key, inspection_id uuid not null references public.inspections);
create index on public.attachments (inspection_id);
alter table public.attachments enable row level security;
create policy own on public.attachments to authenticated
  using (exists (select 1 from public.inspections i where i.id = attachments.inspection_id and i.inspector_id = (select auth.uid())));
