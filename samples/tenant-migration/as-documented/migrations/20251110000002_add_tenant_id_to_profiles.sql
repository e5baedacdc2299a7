-- Add column
ALTER TABLE public.profiles
  ADD COLUMN IF NOT EXISTS tenant_id UUID REFERENCES public.tenants(id);

-- Backfill
UPDATE public.profiles p
SET tenant_id = t.id
FROM public.tenants t
WHERE t.owner_id = p.id
AND p.tenant_id IS NULL;

-- Add index
CREATE INDEX idx_profiles_tenant ON public.profiles(tenant_id);

-- RLS policy of tenants, now that profiles have a tenant_id
CREATE POLICY "Users can view their own tenant"
  ON public.tenants FOR SELECT
  USING (
    id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
    OR owner_id = auth.uid()
  );

-- Verify: should be 0
SELECT COUNT(*) as profiles_without_tenant
FROM profiles
WHERE tenant_id IS NULL;
