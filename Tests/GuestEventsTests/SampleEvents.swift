import HostSupport

/// Events as the plugin writes them.
enum SampleEvents {
    /// A login on a terminal: a shell, a pipeline of two, and a file that it writes.
    static let login = #"""
        {"event":"begin","instr":10,"time":1795676998324347414,"version":1,"kernel":"6.1.0|#1|x86_64","lacks":[]}
        {"event":"process","instr":10,"pid":1,"tid":1,"comm":"init","ppid":0,"path":"/sbin/init","argv":["/sbin/init"]}
        {"event":"process","instr":10,"pid":20,"tid":20,"comm":"sh","ppid":1,"path":"/bin/sh","argv":["-sh"]}
        {"event":"window","instr":15,"pid":20,"tid":20,"comm":"sh","path":"/dev/pts/0","rows":24,"columns":80}
        {"event":"terminal","instr":20,"pid":20,"tid":20,"comm":"sh","path":"/dev/pts/0","direction":"out","data":"\u001b[1m# \u001b[0m"}
        {"event":"terminal","instr":30,"pid":20,"tid":20,"comm":"sh","path":"/dev/pts/0","direction":"in","data":"c"}
        {"event":"terminal","instr":40,"pid":20,"tid":20,"comm":"sh","path":"/dev/pts/0","direction":"in","data":"at /etc/passwd | head > /tmp/\\xff\r"}
        {"event":"switch","instr":45,"pid":20,"tid":20,"comm":"sh","from":0}
        {"event":"start","instr":50,"pid":21,"tid":21,"comm":"sh","ppid":20}
        {"event":"start","instr":51,"pid":22,"tid":22,"comm":"sh","ppid":20}
        {"event":"switch","instr":55,"pid":21,"tid":21,"comm":"sh","from":20}
        {"event":"exec","instr":60,"time":1795676998400000000,"pid":21,"tid":21,"comm":"cat","ppid":20,"file":"/bin/cat","path":"/bin/busybox","argv":["cat","/etc/passwd"],"cwd":"/root"}
        {"event":"open","instr":65,"pid":21,"tid":21,"comm":"cat","path":"/etc/passwd","fd":3,"flags":["read"]}
        {"event":"exec","instr":70,"pid":22,"tid":22,"comm":"head","ppid":20,"file":"/bin/head","argv":["head","-n","a b"],"cwd":"/root"}
        {"event":"open","instr":71,"pid":22,"tid":22,"comm":"head","path":"/tmp/\\xff","fd":1,"flags":["write","create","truncate"]}
        {"event":"write","instr":72,"pid":22,"tid":22,"comm":"head","path":"/tmp/\\xff"}
        {"event":"connect","instr":73,"pid":22,"tid":22,"comm":"head","fd":3,"to":{"family":"inet","address":"10.0.2.2","port":80},"type":"stream","local":{"family":"inet","address":"10.0.2.15","port":4000},"peer":{"family":"inet","address":"10.0.2.2","port":80},"error":115}
        {"event":"accept","instr":73,"pid":22,"tid":22,"comm":"head","fd":4,"from":{"family":"unix","path":""}}
        {"event":"change","instr":74,"pid":22,"tid":22,"comm":"head","change":"rename","path":"/tmp/a","to":"/tmp/b"}
        {"event":"map","instr":75,"pid":22,"tid":22,"comm":"head","path":"/lib/libc.so","start":140000000000000,"length":4096,"offset":0,"rights":"r-x"}
        {"event":"mappings","instr":76,"pid":22,"tid":22,"comm":"head","at":"exit","areas":[{"start":4096,"end":8192,"rights":"r-xp","path":"/bin/busybox"}]}
        {"event":"exit","instr":80,"pid":21,"tid":21,"comm":"cat","signal":13}
        {"event":"syscalls","instr":80,"pid":21,"comm":"cat","counts":{"read":2,"write":1}}
        {"event":"file","instr":80,"pid":21,"comm":"cat","path":"/etc/passwd","read":53,"written":0,"first":65,"last":66}
        {"event":"exit","instr":90,"pid":22,"tid":22,"comm":"head","status":3}
        {"event":"file","instr":90,"pid":22,"comm":"head","path":"/tmp/\\xff","read":0,"written":53,"first":71,"last":72}
        {"event":"files-dropped","instr":90,"pid":22,"comm":"head","count":2}
        {"event":"end","instr":100,"events":27,"dropped":0}

        """#

    /// Writes a file of events, and gives its path.
    static func write(_ text: String, in folder: HostPath) throws -> HostPath {
        try FileSystem.write(text, to: folder / "events.jsonl")
        return folder / "events.jsonl"
    }
}
