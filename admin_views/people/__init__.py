"""Who works here and with which rights: pages about accounts, teams and business units."""
