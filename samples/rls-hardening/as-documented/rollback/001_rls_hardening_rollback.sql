-- 1. rate_limits
ALTER TABLE public.rate_limits ENABLE ROW LEVEL SECURITY;

-- 2. business_accounts
DROP POLICY IF EXISTS "Users can view public or owned business accounts" ON public.business_accounts;
CREATE POLICY "Users can view business accounts"
  ON public.business_accounts FOR SELECT TO authenticated
  USING (true);
ALTER TABLE public.business_accounts DROP COLUMN IF EXISTS is_public;

-- 3. Storage
DROP POLICY IF EXISTS "Users can view avatars" ON storage.objects;
DROP POLICY IF EXISTS "Users can upload their own avatar" ON storage.objects;
DROP POLICY IF EXISTS "Users can update their own avatar" ON storage.objects;
DROP POLICY IF EXISTS "Users can view chat media" ON storage.objects;
DROP POLICY IF EXISTS "Users can upload chat media" ON storage.objects;
DROP POLICY IF EXISTS "Users can delete their own chat media" ON storage.objects;
DROP FUNCTION IF EXISTS public.is_chat_participant(uuid);
DELETE FROM storage.buckets b
WHERE id IN ('avatars', 'chat-media')
AND NOT EXISTS (SELECT 1 FROM storage.objects o WHERE o.bucket_id = b.id);
