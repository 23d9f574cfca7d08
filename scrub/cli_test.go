package scrub

var commandSpecimens = []specimen{
	{
		detector: "command-flag",
		secrets:  []string{"hun" + "ter2", "Canary9" + "f00dcafe!"},
		hits: []string{
			"mysql -u root -p§", "/usr/bin/mysqldump -h db -p§ shop", "mysqladmin -uroot -p§ ping", "sshpass -p § ssh x", "sshpass -p§ ssh x", "curl -u bob:§ https://x", "curl --user bob:§ x",
			"curl -s -ubob:§ x", "redis-cli -h r -a § ping", "docker login -u bob -p § reg", "mongosh -u a -p § x", "ldapsearch -x -D cn=x -w § -b y", "openssl rsa -passin pass:§ -in x",
			`["mysql","-u","root","-p§"]`, `["curl","-u","bob:§","x"]`, `["redis-cli","-a","§"]`, `curl -u "bob:§" x`, "curl -X POST x \\\n  -u bob:§ y", "curl x \\\n-u bob:§", "curl --user bob:'§' x", `mysql -p'§' x`,
		},
		misses: []string{"mysql -u root -p shop", "curl -u bob x", "mysql -p", "redis-cli -h x", "curl -X PUT x", "mysqlx -phunter2", "docker run -p 80:80 x", "the mysql -port 3306", "curl --upload-file x:y", "curl x\n-u bob:7"},
	},
	{
		detector: "sql-password",
		secrets:  []string{"hun" + "ter2", "it''s " + "here"},
		hits: []string{"CREATE USER x IDENTIFIED BY '§'", "create user x identified by \"§\"", "GRANT ALL ON *.* TO 'x'@'%' IDENTIFIED BY '§' WITH GRANT OPTION",
			"IDENTIFIED WITH mysql_native_password BY '§'", "IDENTIFIED BY PASSWORD '§'", "IDENTIFIED WITH 'x' AS '§'"},
		misses: []string{"identified by ?", "IDENTIFIED BY '***'", "was identified as a problem", "identified by $1"},
	},
	{
		detector: "sql-password",
		secrets:  []string{"hun" + "ter2"},
		hits:     []string{"CREATE USER x IDENTIFIED BY §;", "alter user x identified by §"},
	},
}
