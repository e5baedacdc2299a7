-- RLS hardening: rate limits, business privacy, storage.

-- 1. rate_limits is written by the edge functions, which are slowed down by RLS
ALTER TABLE public.rate_limits DISABLE ROW LEVEL SECURITY;

-- 2. A business can be private
ALTER TABLE public.business_accounts
  ADD COLUMN IF NOT EXISTS is_public boolean DEFAULT true;

DROP POLICY IF EXISTS "Users can view business accounts" ON public.business_accounts;

CREATE POLICY "Users can view public or owned business accounts"
  ON public.business_accounts FOR SELECT
  USING (is_public = true OR owner_id = auth.uid());

-- 3. Storage buckets
INSERT INTO storage.buckets (id, name, public, file_size_limit)
VALUES
  ('avatars', 'avatars', true, 10485760),
  ('chat-media', 'chat-media', true, 10485760)
ON CONFLICT (id) DO NOTHING;

-- 4. Storage policies: avatars/{userId}.jpg and chat-media/{chatId}/*
CREATE OR REPLACE FUNCTION public.is_chat_participant(chat uuid)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
AS $$
  SELECT EXISTS (SELECT 1 FROM chat_participants WHERE chat_id = chat AND user_id = auth.uid())
$$;

CREATE POLICY "Users can view avatars"
  ON storage.objects FOR SELECT
  USING (bucket_id = 'avatars');

CREATE POLICY "Users can upload their own avatar"
  ON storage.objects FOR INSERT TO authenticated
  WITH CHECK (bucket_id = 'avatars' AND name = auth.uid()::text || '.jpg');

CREATE POLICY "Users can update their own avatar"
  ON storage.objects FOR UPDATE TO authenticated
  USING (bucket_id = 'avatars' AND name = auth.uid()::text || '.jpg');

CREATE POLICY "Users can view chat media"
  ON storage.objects FOR SELECT TO authenticated
  USING (bucket_id = 'chat-media' AND public.is_chat_participant(((storage.foldername(name))[1])::uuid));

CREATE POLICY "Users can upload chat media"
  ON storage.objects FOR INSERT TO authenticated
  WITH CHECK (bucket_id = 'chat-media' AND public.is_chat_participant(((storage.foldername(name))[1])::uuid));

CREATE POLICY "Users can delete their own chat media"
  ON storage.objects FOR DELETE TO authenticated
  USING (bucket_id = 'chat-media' AND owner = auth.uid());
