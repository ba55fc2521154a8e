package pattern

import ("testing";"os";"encoding/json";"fmt")

func TestProps(t *testing.T){
	data,_:=os.ReadFile("/tmp/bpe/props.json")
	var all map[string][][2]rune
	json.Unmarshal(data,&all)
	for name,runs:=range all {
		want:=&set{}
		for _,r:=range runs { lo,hi:=r[0],r[1]
			if lo<0xd800 && hi>=0xe000 { want.add(lo,0xd7ff); want.add(0xe000,hi)} else {want.add(lo,hi)} }
		expr:=`\p{`+name+`}`
		if name[0]=='[' {expr="["+name+"]"}
		if name[0]=='\\' {expr=name}
		n,err:=parse(expr)
		if err!=nil { fmt.Println(name,err); continue}
		var miss, extra []rune
		for r:=rune(0);r<=0xE01FF;r++ { if r>=0xd800&&r<0xe000||r>=0x32400&&r<0xE0000 {continue}
			if want.has(r)&&!n.set.has(r) {miss=append(miss,r)}
			if !want.has(r)&&n.set.has(r) {extra=append(extra,r)} }
		f:=func(l []rune) string { s:=""; for i:=0;i<len(l);{ j:=i; for j+1<len(l)&&l[j+1]==l[j]+1 {j++}; s+=fmt.Sprintf("%X-%X ",l[i],l[j]); i=j+1; if len(s)>2000 {return s+"…"}}; return s}
		if len(miss)+len(extra)>0 { fmt.Printf("%s miss %d %s extra %d %s\n",name,len(miss),f(miss),len(extra),f(extra)) }
	}
}
