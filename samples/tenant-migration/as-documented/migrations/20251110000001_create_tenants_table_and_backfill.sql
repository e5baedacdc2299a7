-- Part 1: Create tenants table
CREATE TABLE IF NOT EXISTS public.tenants (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  name TEXT NOT NULL,
  type TEXT NOT NULL DEFAULT 'internal' CHECK (type IN (
    'lender', 'investor', 'amc', 'attorney', 'accountant', 'borrower', 'internal'
  )),
  owner_id UUID REFERENCES public.profiles(id) NOT NULL,
  theme_settings JSONB DEFAULT '{"primaryColor": "#3b82f6", "logo": null}'::jsonb,
  sla_settings JSONB DEFAULT '{"standard_turnaround_days": 7, "rush_turnaround_days": 3}'::jsonb,
  settings JSONB DEFAULT '{}'::jsonb,
  is_active BOOLEAN DEFAULT true,
  created_at TIMESTAMPTZ DEFAULT NOW(),
  updated_at TIMESTAMPTZ DEFAULT NOW()
);

-- Index for lookups
CREATE INDEX idx_tenants_owner ON public.tenants(owner_id);

-- Enable RLS
ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;

-- Part 2: Create tenant for each existing user
INSERT INTO public.tenants (name, type, owner_id)
SELECT
  COALESCE(p.name || '''s Organization', 'Organization'),
  'internal',
  p.id
FROM public.profiles p
WHERE NOT EXISTS (SELECT 1 FROM public.tenants WHERE owner_id = p.id)
ON CONFLICT DO NOTHING;

-- Verify: should match number of users
SELECT COUNT(*) as tenants_created FROM public.tenants;
