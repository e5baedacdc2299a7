-- One person's planner: every row belongs to whoever is signed in.

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
