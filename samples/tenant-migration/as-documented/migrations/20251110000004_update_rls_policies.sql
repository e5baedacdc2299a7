-- Policies become additive: the old logic (org_id) or the new logic (teams via tenant).

-- profiles
DROP POLICY IF EXISTS "Users can view their own profile" ON public.profiles;

CREATE POLICY "Users can view profiles of their team"
  ON public.profiles FOR SELECT
  USING (
    id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Users can update their own profile" ON public.profiles;

CREATE POLICY "Users can update their profile"
  ON public.profiles FOR UPDATE
  USING (id = auth.uid())
  WITH CHECK (id = auth.uid());

-- clients
DROP POLICY IF EXISTS "Authenticated users can view clients" ON public.clients;

CREATE POLICY "Users can view their clients"
  ON public.clients FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert clients" ON public.clients;

CREATE POLICY "Users can insert clients"
  ON public.clients FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update clients" ON public.clients;

CREATE POLICY "Users can update their clients"
  ON public.clients FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete clients" ON public.clients;

CREATE POLICY "Users can delete their clients"
  ON public.clients FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- orders
DROP POLICY IF EXISTS "Authenticated users can view orders" ON public.orders;

CREATE POLICY "Users can view their orders"
  ON public.orders FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert orders" ON public.orders;

CREATE POLICY "Users can insert orders"
  ON public.orders FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update orders" ON public.orders;

CREATE POLICY "Users can update their orders"
  ON public.orders FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete orders" ON public.orders;

CREATE POLICY "Users can delete their orders"
  ON public.orders FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- properties
DROP POLICY IF EXISTS "Authenticated users can view properties" ON public.properties;

CREATE POLICY "Users can view their properties"
  ON public.properties FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert properties" ON public.properties;

CREATE POLICY "Users can insert properties"
  ON public.properties FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update properties" ON public.properties;

CREATE POLICY "Users can update their properties"
  ON public.properties FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete properties" ON public.properties;

CREATE POLICY "Users can delete their properties"
  ON public.properties FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- contacts
DROP POLICY IF EXISTS "Authenticated users can view contacts" ON public.contacts;

CREATE POLICY "Users can view their contacts"
  ON public.contacts FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert contacts" ON public.contacts;

CREATE POLICY "Users can insert contacts"
  ON public.contacts FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update contacts" ON public.contacts;

CREATE POLICY "Users can update their contacts"
  ON public.contacts FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete contacts" ON public.contacts;

CREATE POLICY "Users can delete their contacts"
  ON public.contacts FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- activities
DROP POLICY IF EXISTS "Authenticated users can view activities" ON public.activities;

CREATE POLICY "Users can view their activities"
  ON public.activities FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert activities" ON public.activities;

CREATE POLICY "Users can insert activities"
  ON public.activities FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update activities" ON public.activities;

CREATE POLICY "Users can update their activities"
  ON public.activities FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete activities" ON public.activities;

CREATE POLICY "Users can delete their activities"
  ON public.activities FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- deals
DROP POLICY IF EXISTS "Authenticated users can view deals" ON public.deals;

CREATE POLICY "Users can view their deals"
  ON public.deals FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert deals" ON public.deals;

CREATE POLICY "Users can insert deals"
  ON public.deals FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update deals" ON public.deals;

CREATE POLICY "Users can update their deals"
  ON public.deals FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete deals" ON public.deals;

CREATE POLICY "Users can delete their deals"
  ON public.deals FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- cases
DROP POLICY IF EXISTS "Authenticated users can view cases" ON public.cases;

CREATE POLICY "Users can view their cases"
  ON public.cases FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert cases" ON public.cases;

CREATE POLICY "Users can insert cases"
  ON public.cases FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update cases" ON public.cases;

CREATE POLICY "Users can update their cases"
  ON public.cases FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete cases" ON public.cases;

CREATE POLICY "Users can delete their cases"
  ON public.cases FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- tags
DROP POLICY IF EXISTS "Authenticated users can view tags" ON public.tags;

CREATE POLICY "Users can view their tags"
  ON public.tags FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert tags" ON public.tags;

CREATE POLICY "Users can insert tags"
  ON public.tags FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update tags" ON public.tags;

CREATE POLICY "Users can update their tags"
  ON public.tags FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete tags" ON public.tags;

CREATE POLICY "Users can delete their tags"
  ON public.tags FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- tasks
DROP POLICY IF EXISTS "Authenticated users can view tasks" ON public.tasks;

CREATE POLICY "Users can view their tasks"
  ON public.tasks FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert tasks" ON public.tasks;

CREATE POLICY "Users can insert tasks"
  ON public.tasks FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update tasks" ON public.tasks;

CREATE POLICY "Users can update their tasks"
  ON public.tasks FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete tasks" ON public.tasks;

CREATE POLICY "Users can delete their tasks"
  ON public.tasks FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- goals
DROP POLICY IF EXISTS "Authenticated users can view goals" ON public.goals;

CREATE POLICY "Users can view their goals"
  ON public.goals FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert goals" ON public.goals;

CREATE POLICY "Users can insert goals"
  ON public.goals FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update goals" ON public.goals;

CREATE POLICY "Users can update their goals"
  ON public.goals FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete goals" ON public.goals;

CREATE POLICY "Users can delete their goals"
  ON public.goals FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- agent_cards
DROP POLICY IF EXISTS "Authenticated users can view agent cards" ON public.agent_cards;

CREATE POLICY "Users can view their agent cards"
  ON public.agent_cards FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert agent cards" ON public.agent_cards;

CREATE POLICY "Users can insert agent cards"
  ON public.agent_cards FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update agent cards" ON public.agent_cards;

CREATE POLICY "Users can update their agent cards"
  ON public.agent_cards FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete agent cards" ON public.agent_cards;

CREATE POLICY "Users can delete their agent cards"
  ON public.agent_cards FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

-- chat_messages
DROP POLICY IF EXISTS "Authenticated users can view chat messages" ON public.chat_messages;

CREATE POLICY "Users can view their chat messages"
  ON public.chat_messages FOR SELECT
  USING (
    -- OLD LOGIC (backward compatible)
    org_id = auth.uid()
    OR
    -- NEW LOGIC (teams via tenant)
    tenant_id IN (
      SELECT tenant_id FROM public.profiles WHERE id = auth.uid()
    )
  );

DROP POLICY IF EXISTS "Authenticated users can insert chat messages" ON public.chat_messages;

CREATE POLICY "Users can insert chat messages"
  ON public.chat_messages FOR INSERT
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can update chat messages" ON public.chat_messages;

CREATE POLICY "Users can update their chat messages"
  ON public.chat_messages FOR UPDATE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  )
  WITH CHECK (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );

DROP POLICY IF EXISTS "Authenticated users can delete chat messages" ON public.chat_messages;

CREATE POLICY "Users can delete their chat messages"
  ON public.chat_messages FOR DELETE
  USING (
    org_id = auth.uid()
    OR
    tenant_id IN (SELECT tenant_id FROM public.profiles WHERE id = auth.uid())
  );
