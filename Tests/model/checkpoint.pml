/* The position protocol of  cw-tail | cw-logfilter | cw-putlogs : rotation, parking, death at any step.
 *
 * Two sources, each with a stream of its own.
 *   Source 0 is a log of NA lines in two generations: the first R lines are there, the others are written after a rename, which
 *     happens at any moment.  Line 1 has no position of its own: that of line 2 covers it.  Line 2 is WIDE: its record is longer than
 *     PIPE_BUF, reaches the pipe in two writes, and a kill between them leaves half a record in front of the end.  The last line
 *     is dropped by the filter, which passes on its position only.
 *   Source 1 has NB lines.  Its stream is denied from the start until some moment: it is parked meanwhile.
 * Up to KILLS kill -9 at any step of any stage; LOSSES answers are lost after acceptance; any number of requests is refused.
 *   S1  a position never covers a line that is neither delivered nor dropped                  (nothing is lost)
 *   S2  half a record is never delivered
 *   S3  after the last kill everything is delivered, and the positions are at the end          (it goes on)
 *   S4  a line is delivered at most 1 + losses + kills of cw-putlogs times                     (bounded repeats)
 *   S5  lines of a stream are delivered in their order, but for repeats
 * Each -DBUG makes one of the slips that Tests/model/seeded-bugs makes in the code; each must be refuted. */
#ifndef KILLS
#define KILLS 1
#endif
#define LOSSES 1
#define NA 4
#define R  2
#define NB 3
#define B  2                                    /* events in a batch */
#define LAST(s)   (s==0 -> NA : NB)
#define DROP(s,i) (s==0 && i==NA)
#define WIDE(s,i) (s==0 && i==2)
#define BARE(s,i) (s==0 && i==1)
#define SINK(s,i) sink[s*(NA+1)+i]

/* kinds of what is in a pipe */
#define WHOLE 0
#define HALF1 1
#define HALF2 2
#define POS   3
#define HALF  4                                 /* half a record, taken for a whole one */

byte ckpt[2], sink[NA+1+NB+1], top[2];
byte kills=0, put_kills=0, losses=0, rounds=0;
bool renamed=false, denied=true, half_delivered=false, disordered=false;
#ifdef TORN
bool torn=false;
#endif
chan p1=[1] of {bit,byte,byte};  chan p2=[1] of {bit,byte,byte};
bool t_ok, f_ok, w_ok, eof1, eof2, world=true;  /* w = cw-putlogs */
byte running=0;

inline setck(s,p) {
#ifdef TORN
  if :: kills<KILLS -> kills++; put_kills++; torn=true; w_ok=false       /* the power fails while it is written */
     :: ckpt[s]=p; torn=false fi
#else
  ckpt[s]=p
#endif
}

proctype Tail(){ byte pos[2]; bool half;
  d_step { pos[0]=ckpt[0]; pos[1]=ckpt[1];
#ifdef TORN
  if :: torn -> pos[0]=NA; pos[1]=NB :: else fi;           /* what can not be read is taken for the end */
#endif
  /* The right thing: the file of the position is found by its identity under either name, and finished first. */
#ifdef SEEK_LIVE
  if :: renamed && pos[0]<=R -> pos[0]=R+pos[0] :: else fi; /* its offset in the file that has the name now */
#endif
#ifdef SKIP_OLD
  if :: renamed && pos[0]<R -> pos[0]=R :: else fi;         /* the new file from its start, the rest of the old one forgotten */
#endif
  }
  do
  :: pos[0]==NA && pos[1]==NB -> break
  :: !t_ok || !f_ok -> break
#ifdef LEAVE_OLD
  :: renamed && !half && pos[0]<R -> pos[0]=R               /* it leaves the old file as soon as it was renamed */
#endif
  :: atomic { t_ok && f_ok && !half && nfull(p1) && (pos[0]<R || renamed && pos[0]<NA) ->   /* the new generation after the old one */
       if :: WIDE(0,pos[0]+1) -> p1!0,pos[0]+1,HALF1; half=true
          :: else -> p1!0,pos[0]+1,WHOLE; pos[0]++ fi }
  :: atomic { t_ok && f_ok && half && nfull(p1) -> p1!0,pos[0]+1,HALF2; pos[0]++; half=false }
  :: atomic { t_ok && f_ok && !half && nfull(p1) && pos[1]<NB -> p1!1,pos[1]+1,WHOLE; pos[1]++ }
  od;
  skip; d_step { eof1=true; t_ok=false; pos[0]=0; pos[1]=0; half=false; running-- }
}

proctype Filter(){ byte l,k,pend,half; bit s;
  do
  :: !f_ok || !w_ok -> break
  :: atomic { f_ok && w_ok && !half && nempty(p1) && nfull(p2) -> p1?s,l,k;
       if :: k==HALF1 -> pend=l
          :: k==HALF2 -> pend=0; half=l; p2!s,l,HALF1
          :: k==WHOLE && DROP(s,l) ->
#ifdef NOPOS
             skip
#else
             p2!s,l,POS
#endif
          :: k==WHOLE && !DROP(s,l) -> p2!s,l,WHOLE
       fi; s=0; l=0; k=0 }
  :: atomic { f_ok && w_ok && half && nfull(p2) -> p2!0,half,HALF2; half=0 }
  :: f_ok && !half && empty(p1) && eof1 ->
#ifdef EOFPARTIAL_FILTER
     if :: pend!=0 -> if :: w_ok && nfull(p2) -> p2!0,pend,HALF :: !w_ok fi :: else fi;
#endif
     break
  od;
  skip; d_step { eof2=true; f_ok=false; pend=0; half=0; running-- }
}

inline deliver(s,a) {
  if :: a!=0 -> SINK(s,a)++; disordered = disordered || a>top[s]+1 && !(DROP(s,top[s]+1) && a==top[s]+2);
                if :: a>top[s] -> top[s]=a :: else fi
     :: else fi }
inline forget(s) { b0[s]=0; b1[s]=0; n[s]=0; covered[s]=false }
inline send(s) {
  do
  :: !w_ok -> break
  :: w_ok && s==1 && denied -> parked=true; break                          /* what is under way is kept, to try again with */
  :: w_ok && s==0 -> skip                                                  /* refused for once: again */
  :: w_ok && !(s==1 && denied) ->
#ifdef CKPT_EARLY
     setck(s,bmax[s]); if :: !w_ok -> break :: w_ok fi;
#endif
#ifdef SPLIT_MAX
     /* the two events are more than a day apart: two requests, and the later position counts first */
     if :: b1[s]!=0 -> d_step { SINK(s,b1[s])++ }; if :: w_ok -> setck(s,b1[s]) :: !w_ok -> break fi :: else fi;
     if :: !w_ok -> break :: w_ok -> d_step { SINK(s,b0[s])++ } fi;
#else
     d_step { deliver(s,b0[s]); deliver(s,b1[s]) }
#endif
     if :: losses<LOSSES -> losses++                                       /* the answer is lost: again */
        :: w_ok -> setck(s,bmax[s]); forget(s); break
        :: !w_ok -> break
     fi
  od
}

proctype Put(){ byte l,k,pend,b0[2],b1[2],n[2],bmax[2]; bit s; bool covered[2], parked, left_out;
  bmax[0]=ckpt[0]; bmax[1]=ckpt[1];
#ifdef UNCOVERED
#define MAY_SEND(s) (n[s]>0)
#else
#define MAY_SEND(s) (n[s]>0 && covered[s])
#endif
  do
  :: !w_ok -> break
  :: atomic { w_ok && nempty(p2) && n[0]<B && (n[1]<B || parked) -> p2?s,l,k;
       if :: k==HALF1 -> pend=l; l=0 :: k==HALF2 -> pend=0 :: k==HALF -> half_delivered=true; l=0 :: else fi;
       if :: l==0 -> skip
          :: l!=0 && s==1 && parked -> left_out=true;
#ifdef PARKED_MOVES
             setck(s,l)
#endif
          :: l!=0 && !(s==1 && parked) && k==POS -> bmax[s]=l; covered[s]=true; if :: n[s]==0 -> setck(s,l) :: else fi
          :: l!=0 && !(s==1 && parked) && k!=POS ->
             if :: n[s]==0 -> b0[s]=l :: else -> b1[s]=l fi; n[s]++;
             if :: BARE(s,l) -> covered[s]=false :: else -> bmax[s]=l; covered[s]=true fi
       fi; l=0; k=0; s=0 }
  :: w_ok && MAY_SEND(0) -> send(0)                                        /* the interval is over */
  :: w_ok && MAY_SEND(1) && !parked -> send(1)
  :: w_ok && parked && !denied ->                                          /* it takes events again */
     parked=false; send(1);
     if :: left_out ->
#ifdef PARKED_FORGOTTEN
           left_out=false
#else
           break                                                           /* another run sends what was left out: exit 75 */
#endif
        :: else fi
  :: w_ok && empty(p2) && eof2 && !parked ->
#ifdef EOFPARTIAL
     if :: pend!=0 -> half_delivered=true :: else fi;
#endif
     if :: MAY_SEND(0) -> send(0) :: else fi;
     if :: w_ok && MAY_SEND(1) -> send(1) :: else fi;
     if :: w_ok && parked -> skip :: else -> break fi
  od;
  skip; d_step { forget(0); forget(1); bmax[0]=0; bmax[1]=0; pend=0; parked=false; left_out=false; w_ok=false; running-- }
}

proctype Killer(){
  do
  :: atomic { kills<KILLS && t_ok -> kills++; t_ok=false }
  :: atomic { kills<KILLS && f_ok -> kills++; f_ok=false }
  :: atomic { kills<KILLS && w_ok -> kills++; put_kills++; w_ok=false }
  :: running==1 || kills==KILLS -> break
  od;
  running--
}

inline drain(c) { do :: nempty(c) -> c?_,_,_ :: empty(c) -> break od }

active proctype Supervisor(){ byte i;
  do
  :: (ckpt[0]<NA || ckpt[1]<NB) && rounds<=KILLS+1 ->
     atomic { drain(p1); drain(p2); eof1=false; eof2=false; t_ok=true; f_ok=true; w_ok=true; running=4; rounds++ };
     atomic { run Tail(); run Filter(); run Put(); run Killer() };
     running==0 && _nr_pr==1+world
  :: else -> break
  od;
  atomic {
    i=1; do :: i<=ckpt[0] -> assert(DROP(0,i) || SINK(0,i)>0); i++ :: else -> break od;        /* S1 */
    i=1; do :: i<=ckpt[1] -> assert(SINK(1,i)>0); i++ :: else -> break od;
    assert(!half_delivered);                                                                  /* S2 */
    assert(ckpt[0]==NA && ckpt[1]==NB);                                                       /* S3 */
    i=1; do :: i<=NA -> assert(DROP(0,i) || SINK(0,i)>0 && SINK(0,i)<=1+losses+put_kills); i++ :: else -> break od;
    i=1; do :: i<=NB -> assert(SINK(1,i)>0 && SINK(1,i)<=1+losses+put_kills); i++ :: else -> break od;    /* S4 */
    assert(!disordered)                                                                       /* S5 */
  }
}

/* What happens by itself, each once, at any moment. */
active proctype World(){
  do
  :: atomic { !renamed -> renamed=true }
  :: atomic { denied -> denied=false }
  :: renamed && !denied -> break
  od;
  world=false
}
