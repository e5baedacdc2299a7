-- EMERGENCY ROLLBACK (tech lead must approve)

-- 1. Revert RLS policies
DROP POLICY IF EXISTS "Users can view profiles of their team" ON profiles;
DROP POLICY IF EXISTS "Users can update their profile" ON profiles;
create policy "Users can view their own profile" on public.profiles
  for select to authenticated using (id = auth.uid());
create policy "Users can update their own profile" on public.profiles
  for update to authenticated using (id = auth.uid()) with check (id = auth.uid());

DROP POLICY IF EXISTS "Users can view their clients" ON clients;
CREATE POLICY "Authenticated users can view clients"
  ON clients FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert clients" ON clients;
CREATE POLICY "Authenticated users can insert clients"
  ON clients FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their clients" ON clients;
CREATE POLICY "Authenticated users can update clients"
  ON clients FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their clients" ON clients;
CREATE POLICY "Authenticated users can delete clients"
  ON clients FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their orders" ON orders;
CREATE POLICY "Authenticated users can view orders"
  ON orders FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert orders" ON orders;
CREATE POLICY "Authenticated users can insert orders"
  ON orders FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their orders" ON orders;
CREATE POLICY "Authenticated users can update orders"
  ON orders FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their orders" ON orders;
CREATE POLICY "Authenticated users can delete orders"
  ON orders FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their properties" ON properties;
CREATE POLICY "Authenticated users can view properties"
  ON properties FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert properties" ON properties;
CREATE POLICY "Authenticated users can insert properties"
  ON properties FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their properties" ON properties;
CREATE POLICY "Authenticated users can update properties"
  ON properties FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their properties" ON properties;
CREATE POLICY "Authenticated users can delete properties"
  ON properties FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their contacts" ON contacts;
CREATE POLICY "Authenticated users can view contacts"
  ON contacts FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert contacts" ON contacts;
CREATE POLICY "Authenticated users can insert contacts"
  ON contacts FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their contacts" ON contacts;
CREATE POLICY "Authenticated users can update contacts"
  ON contacts FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their contacts" ON contacts;
CREATE POLICY "Authenticated users can delete contacts"
  ON contacts FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their activities" ON activities;
CREATE POLICY "Authenticated users can view activities"
  ON activities FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert activities" ON activities;
CREATE POLICY "Authenticated users can insert activities"
  ON activities FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their activities" ON activities;
CREATE POLICY "Authenticated users can update activities"
  ON activities FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their activities" ON activities;
CREATE POLICY "Authenticated users can delete activities"
  ON activities FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their deals" ON deals;
CREATE POLICY "Authenticated users can view deals"
  ON deals FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert deals" ON deals;
CREATE POLICY "Authenticated users can insert deals"
  ON deals FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their deals" ON deals;
CREATE POLICY "Authenticated users can update deals"
  ON deals FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their deals" ON deals;
CREATE POLICY "Authenticated users can delete deals"
  ON deals FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their cases" ON cases;
CREATE POLICY "Authenticated users can view cases"
  ON cases FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert cases" ON cases;
CREATE POLICY "Authenticated users can insert cases"
  ON cases FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their cases" ON cases;
CREATE POLICY "Authenticated users can update cases"
  ON cases FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their cases" ON cases;
CREATE POLICY "Authenticated users can delete cases"
  ON cases FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their tags" ON tags;
CREATE POLICY "Authenticated users can view tags"
  ON tags FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert tags" ON tags;
CREATE POLICY "Authenticated users can insert tags"
  ON tags FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their tags" ON tags;
CREATE POLICY "Authenticated users can update tags"
  ON tags FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their tags" ON tags;
CREATE POLICY "Authenticated users can delete tags"
  ON tags FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their tasks" ON tasks;
CREATE POLICY "Authenticated users can view tasks"
  ON tasks FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert tasks" ON tasks;
CREATE POLICY "Authenticated users can insert tasks"
  ON tasks FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their tasks" ON tasks;
CREATE POLICY "Authenticated users can update tasks"
  ON tasks FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their tasks" ON tasks;
CREATE POLICY "Authenticated users can delete tasks"
  ON tasks FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their goals" ON goals;
CREATE POLICY "Authenticated users can view goals"
  ON goals FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert goals" ON goals;
CREATE POLICY "Authenticated users can insert goals"
  ON goals FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their goals" ON goals;
CREATE POLICY "Authenticated users can update goals"
  ON goals FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their goals" ON goals;
CREATE POLICY "Authenticated users can delete goals"
  ON goals FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their agent cards" ON agent_cards;
CREATE POLICY "Authenticated users can view agent cards"
  ON agent_cards FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert agent cards" ON agent_cards;
CREATE POLICY "Authenticated users can insert agent cards"
  ON agent_cards FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their agent cards" ON agent_cards;
CREATE POLICY "Authenticated users can update agent cards"
  ON agent_cards FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their agent cards" ON agent_cards;
CREATE POLICY "Authenticated users can delete agent cards"
  ON agent_cards FOR DELETE TO authenticated USING (org_id = auth.uid());

DROP POLICY IF EXISTS "Users can view their chat messages" ON chat_messages;
CREATE POLICY "Authenticated users can view chat messages"
  ON chat_messages FOR SELECT TO authenticated USING (true);
DROP POLICY IF EXISTS "Users can insert chat messages" ON chat_messages;
CREATE POLICY "Authenticated users can insert chat messages"
  ON chat_messages FOR INSERT TO authenticated WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can update their chat messages" ON chat_messages;
CREATE POLICY "Authenticated users can update chat messages"
  ON chat_messages FOR UPDATE TO authenticated USING (org_id = auth.uid()) WITH CHECK (org_id = auth.uid());
DROP POLICY IF EXISTS "Users can delete their chat messages" ON chat_messages;
CREATE POLICY "Authenticated users can delete chat messages"
  ON chat_messages FOR DELETE TO authenticated USING (org_id = auth.uid());

-- 2. Remove tenant_id columns (data preserved in org_id)
ALTER TABLE clients DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE orders DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE properties DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE contacts DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE activities DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE deals DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE cases DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE tags DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE tasks DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE goals DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE agent_cards DROP COLUMN IF EXISTS tenant_id;
ALTER TABLE chat_messages DROP COLUMN IF EXISTS tenant_id;

-- 3. Drop tenants table
DROP TABLE IF EXISTS public.tenants CASCADE;
ALTER TABLE profiles DROP COLUMN IF EXISTS tenant_id;
