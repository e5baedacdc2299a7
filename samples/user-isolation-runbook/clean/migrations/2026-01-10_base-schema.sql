-- One person's planner. The web app reads and writes it on the server as service_role;
-- row-level security is on from the first day, so that no key in a browser opens anything.

begin;

create table public.goals (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  description text,
  target_date date,
  status text not null default 'active' check (status in ('active', 'paused', 'done')),
  created_at timestamptz not null default now()
);

create table public.job_applications (
  id uuid primary key default gen_random_uuid(),
  company text not null,
  position text not null,
  status text not null default 'applied' check (status in ('applied', 'interview', 'offer', 'rejected', 'withdrawn')),
  applied_on date not null default current_date,
  notes text
);

create table public.courses (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  provider text,
  progress integer not null default 0 check (progress between 0 and 100),
  created_at timestamptz not null default now()
);

create table public.exercise_progress (
  id uuid primary key default gen_random_uuid(),
  exercise_slug text not null,
  attempts integer not null default 0,
  solved_at timestamptz,
  created_at timestamptz not null default now()
);

create table public.daily_tasks (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  due_on date not null default current_date,
  is_done boolean not null default false,
  created_at timestamptz not null default now()
);

create table public.focus_sessions (
  id uuid primary key default gen_random_uuid(),
  label text not null,
  started_at timestamptz not null default now(),
  minutes integer not null check (minutes > 0)
);

alter table public.goals enable row level security;
alter table public.goals force row level security;
alter table public.job_applications enable row level security;
alter table public.job_applications force row level security;
alter table public.courses enable row level security;
alter table public.courses force row level security;
alter table public.exercise_progress enable row level security;
alter table public.exercise_progress force row level security;
alter table public.daily_tasks enable row level security;
alter table public.daily_tasks force row level security;
alter table public.focus_sessions enable row level security;
alter table public.focus_sessions force row level security;

revoke all on public.goals,
  public.job_applications,
  public.courses,
  public.exercise_progress,
  public.daily_tasks,
  public.focus_sessions from anon;
revoke truncate, references, trigger on public.goals,
  public.job_applications,
  public.courses,
  public.exercise_progress,
  public.daily_tasks,
  public.focus_sessions from authenticated;

commit;
