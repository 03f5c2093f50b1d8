-- What could not be read of a manifest, so that what it needs is not known: '' nothing, NULL not looked at yet.
ALTER TABLE manifests ADD COLUMN doubt TEXT;
