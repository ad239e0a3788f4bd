/* Which files are a log: cw-tail under a writer that rotates as it likes, and death at any step.
 *
 * The log has up to NG generations of up to NL lines.  An inode holds the lines of one generation, or nothing.  The writer appends to the
 * file that it has open.  At any moment it or another program renames the log (.1 becomes .2), makes the new file, opens it (the writer
 * goes on in the renamed one until then), copies the log and truncates it, compresses .1 (the copy lies beside it for a while), or
 * removes .2 when it is delivered; inodes that are free are used again.  In the beginning .1 holds lines that are none of the log's.
 * cw-tail looks (a listing, the log, and both again), opens the oldest file that it does not believe to be delivered, reads lines,
 * and sends with each one the list of how far every generation is read.  cw-putlogs stores the list behind the acceptance.
 *   R1  every line is delivered                                     (nothing is lost)
 *   R2  a line is delivered at most 1 + kills times                 (bounded repeats)
 *   R3  lines of files that are none of the log's are not delivered
 *   R4  a line is delivered after all that were written before it   (order)
 * With ANY_ORDER it opens any file that it does not believe to be delivered: all but R4 must hold, since names may mislead.
 * A generation is known by its first line, as a file is by the hash of its head.  Each -DBUG makes a slip; each must be refuted. */
#ifndef KILLS
#define KILLS 1
#endif
#ifdef NEWEST_ONLY
#define ANY_ORDER                               /* with the right order what is before the newest is done; names may mislead */
#endif
#define ROTATIONS 2
#define NG 3
#define NL 2
#define NI 4
#define FOREIGN 4                               /* the generation of what is none of the log's */

byte holds[NI+1], size[NI+1];                   /* of an inode: its generation, or 0; its lines */
bool zipped[NI+1];
byte live, old1, old2, zip, written_to;         /* names, and the writer's descriptor: inodes, or 0 */
byte generations, rotations;
byte sink[NG*NL+NL+1];                          /* how often a line was delivered */
byte kills=0;
bool writing=true;

#define LINE(g,k) ((g)*NL+(k)-NL)

/* What cw-tail believes. */
#ifdef INODE_ALONE
#define KEY(i) (i)
#else
#define KEY(i) holds[i]
#endif
#ifdef FOREIGN_WRITTEN
#define IS_FOREIGN(i) (i==NI)
#else
#define IS_FOREIGN(i) (holds[i]==FOREIGN)       /* it lay there before, and was not written to since */
#endif
#ifdef BELIEVE_NAME
#define IS_OLD(i) zipped[i]
#else
#define IS_OLD(i) false
#endif
#ifdef UNKNOWN_IS_OLD
#define IS_UNKNOWN_OLD(i) (i!=live && off[KEY(i)]==0)
#else
#define IS_UNKNOWN_OLD(i) false
#endif
#define UNREAD(i) (i!=0 && holds[i]!=0 && !IS_FOREIGN(i) && !IS_OLD(i) && !IS_UNKNOWN_OLD(i) && off[KEY(i)]<size[i])

byte off[NG+2], stored[NG+2];                   /* lines read of each generation; the same in the state */
byte open=0, head=0;                            /* the inode that is being read, and the generation that it held then */
#define GOES_ON (UNREAD(open) && holds[open]==head)
chan pipe=[2] of {byte,byte,byte,byte,byte,byte};  /* a line and the list behind it */
bool accepted=false; byte next1,next2,next3,next4;

inline free_inode(f) {
  f=1; do :: f<=NI && (f==live || f==old1 || f==old2 || f==zip || f==written_to || f==open) -> f++ :: else -> break od
}

proctype Writer(){ byte f;
  do
  :: atomic { size[written_to]<NL && (holds[written_to]!=0 || generations<NG) ->
       if :: holds[written_to]==0 -> generations++; holds[written_to]=generations :: else fi;
       size[written_to]++ }
  :: atomic { live!=0 && size[live]>0 && rotations<ROTATIONS && old2==0 && zip==0 ->               /* rename */
       rotations++; old2=old1; old1=live; live=0 }
  :: atomic { live==0 -> free_inode(f);
       if :: f<=NI -> live=f; holds[f]=0; size[f]=0; zipped[f]=false :: else fi; f=0 }
  :: atomic { live!=0 && written_to!=live -> written_to=live }                                    /* it is told, and opens it */
  :: atomic { live!=0 && written_to==live && size[live]>0 && rotations<ROTATIONS && old2==0 && zip==0 -> free_inode(f);
       if :: f<=NI -> rotations++; old2=old1; old1=f; holds[f]=holds[live]; size[f]=size[live]; zipped[f]=false;   /* copytruncate */
                      holds[live]=0; size[live]=0
          :: else fi; f=0 }
  :: atomic { old1!=0 && old1!=written_to && !zipped[old1] && zip==0 && holds[old1]!=FOREIGN -> free_inode(f);
       if :: f<=NI -> zip=f; holds[f]=holds[old1]; size[f]=size[old1]; zipped[f]=true :: else fi; f=0 }
  :: atomic { zip!=0 -> old1=zip; zip=0 }
  :: atomic { old2!=0 && old2!=written_to &&
       (holds[old2]==FOREIGN || sink[LINE(holds[old2],1)]>0 && (size[old2]<2 || sink[LINE(holds[old2],2)]>0)) -> old2=0 }
  :: live!=0 && written_to==live && zip==0 -> break
  od;
  writing=false
}

proctype Tail(){ byte s1,s2,sz,sl,phase,g;
  do
  :: atomic { kills<KILLS -> kills++;                                              /* any stage: the others end, too, and all begin again */
       do :: nempty(pipe) -> pipe?_,_,_,_,_,_ :: empty(pipe) -> break od;
       accepted=false; open=0; head=0; phase=0; off[1]=stored[1]; off[2]=stored[2]; off[3]=stored[3]; off[4]=stored[4];
#ifdef NEWEST_ONLY
       g=3; do :: g>1 && stored[g]==0 -> g-- :: else -> break od;                  /* what is before the newest is taken for done */
       do :: g>1 -> g--; off[g]=NL :: else -> break od; g=0
#endif
     }
  :: atomic { phase==0 -> s1=old1; s2=old2; sz=zip; phase=1 }
  :: atomic { phase==1 -> sl=live; phase=2 }
  :: atomic { phase==2 ->
       if
#ifndef UNFINISHED_LOOK
       :: old1!=s1 || old2!=s2 || zip!=sz || live!=sl -> phase=0
       :: old1==s1 && old2==s2 && zip==sz && live==sl ->
#else
       :: true ->
#endif
#ifdef LEAVE_OLD
          if :: open!=0 && open!=sl && sl!=0 && holds[open]!=0 -> off[KEY(open)]=NL; open=0 :: else fi;
#endif
          if :: GOES_ON -> skip
             :: else ->
#ifdef FORGET_FINISHED
                if :: open!=0 && open!=sl && holds[open]!=0 -> off[KEY(open)]=0 :: else fi;
#endif
#ifdef ANY_ORDER
                if :: UNREAD(s2) -> open=s2 :: UNREAD(sz) -> open=sz :: UNREAD(s1) -> open=s1 :: UNREAD(sl) -> open=sl
                   :: else -> if :: open==0 -> open=sl :: else fi fi
#else
                if :: UNREAD(s2) -> open=s2 :: else ->
                if :: UNREAD(sz) -> open=sz :: else ->
                if :: UNREAD(s1) -> open=s1 :: else ->
                if :: UNREAD(sl) || open==0 -> open=sl :: else fi fi fi fi        /* a renamed one is left when the log has bytes */
#endif
          fi;
          head=holds[open]; phase=3
       fi;
       s1=0; s2=0; sz=0; sl=0 }
  :: atomic { phase==3 && GOES_ON && nfull(pipe) -> g=KEY(open); off[g]++;
       assert(holds[open]!=FOREIGN);                                               /* R3 */
#ifdef CKPT_EARLY
       stored[1]=off[1]; stored[2]=off[2]; stored[3]=off[3]; stored[4]=off[4];
#endif
       pipe!holds[open],off[g],off[1],off[2],off[3],off[4]; g=0 }
  :: atomic { phase==3 && !GOES_ON && (writing || UNREAD(open) || UNREAD(live) || UNREAD(old1) || UNREAD(old2)) -> phase=0 }
  :: atomic { phase==3 && !writing && !UNREAD(open) && !UNREAD(live) && !UNREAD(old1) && !UNREAD(old2) && empty(pipe) && !accepted -> break }
  od;
  atomic {
    g=1; do :: g<=NI && (holds[g]==0 || holds[g]==FOREIGN || g!=live && g!=old1 && g!=old2) -> g++
            :: g<=NI && holds[g]!=0 && holds[g]!=FOREIGN && (g==live || g==old1 || g==old2) ->
               assert(sink[LINE(holds[g],1)]>0); assert(size[g]<2 || sink[LINE(holds[g],2)]>0); g++       /* R1; what was removed is delivered */
            :: g>NI -> break od }
}

proctype Put(){ byte g,k,before,n1,n2,n3,n4;
  end: do
  :: atomic { !accepted && nempty(pipe) -> pipe?g,k,next1,next2,next3,next4;
       accepted=true; sink[LINE(g,k)]++;
       assert(sink[LINE(g,k)]<=1+kills);                                           /* R2 */
#ifndef ANY_ORDER
       assert(k<2 || sink[LINE(g,1)]>0);                                           /* R4: each before it in its generation, */
       assert(g<2 || sink[LINE(g-1,1)]>0);                                         /* and in the one before; how many those are */
       before=1; do :: before<=NI && holds[before]!=g-1 -> before++                 /* its file knows, while it is there */
                    :: before<=NI && holds[before]==g-1 -> assert(g<2 || size[before]<2 || sink[LINE(g-1,2)]>0); before++
                    :: before>NI -> break od;
#endif
       before=0; g=0; k=0 }
  :: atomic { accepted ->
       stored[1]=next1; stored[2]=next2; stored[3]=next3; stored[4]=next4;
       accepted=false; next1=0; next2=0; next3=0; next4=0 }
  od
}

init {
  atomic { live=1; written_to=1; old1=NI; holds[NI]=FOREIGN; size[NI]=1; run Writer(); run Tail(); run Put() }
}
